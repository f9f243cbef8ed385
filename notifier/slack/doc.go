// Package slack is the way to Slack. [Render] turns an item of the outbox into
// a [Message] of Block Kit, [Client] posts it, edits it or answers in its
// thread, [Commands] answers the slash command /spend, which comes as signed
// HTTP requests or over a [Socket], and [Interactions] does what people press and
// fill in, which comes on the same ways.
// [Home] keeps App Home, told of by [Events]. [Webhook] is the way where there is
// no bot: it posts only.
//
// What was typed is read into a [Query]; what is known of it comes from
// [Answers]; what is said of that is decided here. An envelope of a socket is
// acknowledged before anything is done about it, and acted on once.
//
// The words are those of package report; here they are only laid out. Whatever
// a bill or a person can choose (names of services, zones and accounts, the
// text of a command) is data: it is escaped, and placed where it can neither
// format nor notify. The only mentions are those of the rules file.
//
// Messages are laid out to what Slack takes, which package blockkit knows, and
// made to fit once more where they go out.
//
// Slack has no idempotency key, so nothing is sent twice here on a guess:
// [Client.Send] tells apart what was surely not accepted from what may have
// been, and leaves the rest to the caller. [Client.Find] looks for a message by
// its metadata.
//
// [Client.Check] says what a person has to mend in Slack before messages can go
// there. What comes from another app than [App] is refused.
package slack
