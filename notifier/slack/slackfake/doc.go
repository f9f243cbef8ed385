// Package slackfake is a Slack for tests: one workspace with one app in it, and
// a log of what it accepted.
//
// A [Server] answers the Web API, keeps channels with their messages, threads
// and edits, opens sockets for Socket Mode, takes answers at response URLs and
// posts through webhooks, and signs what it sends over HTTP. It is an
// http.Handler: on loopback through [Server.Listen], or without a network through
// [Server.Transport] and [Server.Dial], which work inside a testing/synctest
// bubble.
//
// # The oracle
//
// [Server.Log] has what was accepted, in order: every post, edit and deletion.
// A call whose answer was lost is in it if it had its effect. [Server.Calls] has
// what was asked, accepted or not.
//
// # What goes wrong
//
// A [Fault] makes one answer go wrong, before or after the call had its effect.
// Channels are archived, the app is removed from them, messages are deleted and
// tokens revoked by methods named for it.
//
// # What it is not
//
// It has no limits on calls of its own, and of Block Kit it knows no more than
// that a message has at most fifty blocks, unless it is told. As far as it goes, the official Bolt
// client takes it for Slack: see bolt_test.go.
package slackfake
