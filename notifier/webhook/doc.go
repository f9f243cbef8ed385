// Package webhook tells other machines what people are told, by events that are
// signed as Standard Webhooks says: https://www.standardwebhooks.com.
//
// An [Event] is a JSON body with a type, a moment and data; docs/webhook.schema.json
// is its schema. [Client] makes one attempt to bring one to a URL, with its ID as
// the key that the other side knows repeats by; when to try again is the
// deliverer's to say. What is answered is read as far as needed, and never logged.
package webhook
