// Package blockkit knows what Slack takes of Block Kit, and makes what is more
// than that fit.
//
// [Check] lists the limits that a message or the blocks of a view break, each by
// its name, its place and by how much. [Fit] mends them all at once, and never
// fails: a text that is too long ends with an ellipsis, and what cannot be cut
// without meaning something else, such as the value of a button or a URL, is
// left out together with what it belongs to. How much was left out is said in a
// line of its own at the end, so that nobody takes a part for the whole. What
// fits already is returned as it is. Both are one walk over the blocks, so they
// cannot disagree.
//
// Lengths are in characters, by which Slack means Unicode code points.
//
// Kinds of blocks and elements that billbot does not send (cards, carousels,
// containers, layouts, plans, calls, videos) are counted, and their IDs looked
// at, but not looked into.
package blockkit
