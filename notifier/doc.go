// Package notifier says what a message is and brings messages to their
// channels.
//
// An [Item] is one message to deliver: its content as values, not as text, so
// that it is rendered when it is sent. Items are committed to the outbox with
// the state they tell of, and only then delivered. Delivery keeps a [Receipt]
// of where each message went; an item whose key has a receipt edits that
// message instead of posting another. So "post or edit" is decided at
// delivery, and a restart in between changes nothing.
//
// Alerts refer to a message. Most have one of their own; those of a storm share
// one ([Gather]), and each of them changes it. What waits for a channel at once
// and is too much to be told one by one is merged into a [Digest]: it is a
// message like any other, and its entries go on in it.
//
// An attempt that may have been accepted though nobody heard, as after a crash,
// is not made again on a guess: [Channel] looks for its message first, twice.
// Where it may not look, the message is sent once more and says so.
//
// A [Channel] sends and knows its other side's errors: it classifies them into
// [Outcome]. [Deliverer] knows the policy: order, pace, and when to try again.
package notifier
