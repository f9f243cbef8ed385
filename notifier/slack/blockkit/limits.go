package blockkit

// Of a message and of a view.
const (
	MaxBlocks     = 50
	MaxViewBlocks = 100
	MaxText       = 40000 // of a message, beside its blocks: Slack cuts it there
	// MaxChars is how many characters the blocks of a message have in all, as
	// [Size] counts them. Slack's own limit is not documented: it refuses messages
	// from 12,000 to 13,000 on, and one was refused that had 11,300.
	MaxChars = 11000
	MaxID    = 255 // of a block, an action, a view's callback or a view

	MaxViewTitle       = 24 // and what a view's buttons say
	MaxPrivateMetadata = 3000
)

// Of the texts of blocks.
const (
	MaxHeader   = 150
	MaxSection  = 3000
	MaxFields   = 10
	MaxField    = 2000
	MaxContext  = 10 // elements
	MaxElement  = 3000
	MaxActions  = 25 // elements
	MaxMarkdown = 12000
	MaxAlt      = 2000
	MaxTitle    = 2000 // of an image
	MaxURL      = 3000
	MaxLabel    = 2000 // of an input, and its hint
)

// Of buttons, menus and inputs.
const (
	MaxButton       = 75 // its text, and that for screen readers
	MaxButtonValue  = 2000
	MaxOption       = 75 // its text and its description, and the label of a group
	MaxOptionValue  = 150
	MaxOptions      = 100 // of a select menu, and as many groups
	MaxOverflow     = 5
	MaxChoices      = 10 // checkboxes, or radio buttons
	MaxPlaceholder  = 150
	MaxInput        = 3000
	MaxFiles        = 10
	MaxConfirmTitle = 100
	MaxConfirmText  = 300
	MaxConfirmWord  = 30
)

// Of tables and charts.
const (
	MaxTables     = 1   // of a message
	MaxRows       = 100 // the head among them
	MaxDataRows   = 101 // of a data table, the head among them
	MaxColumns    = 20
	MaxTableChars = 10000 // over the cells of all tables
	MaxPageSize   = 100

	MaxCharts     = 2 // of a message; not documented, but more are refused
	MaxChartTitle = 50
	MaxChartLabel = 20 // of a point, a series and a segment
	MaxAxisLabel  = 50
	MaxPoints     = 20
	MaxSeries     = 6 // and as many segments
)
