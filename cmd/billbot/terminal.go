package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// screen is the terminal that a command prints to. The zero screen is none: a
// pipe, or a file.
type screen struct {
	Width  int  `json:"width,omitempty"`  // in characters; 0 where it is none
	Colour bool `json:"colour,omitempty"` // and may be coloured
}

// usualWidth is that of a terminal which does not say.
const usualWidth = 80

// isTerminal reports whether what is read or written is a terminal, and how wide
// it is.
func isTerminal(stream any) (width int, is bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	if size.Col == 0 {
		return usualWidth, true
	}
	return int(size.Col), true
}

// screenOf is the terminal behind a writer. It is coloured unless NO_COLOR says
// otherwise, or it cannot be.
func screenOf(w io.Writer, getenv func(string) string) screen {
	width, is := isTerminal(w)
	return screen{Width: width, Colour: is && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"}
}

// colour is a colour of terminals, by its number.
type colour string

// The colours that are used.
const (
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
)

// paint is a text in a colour, where the screen has some.
func (s screen) paint(c colour, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}
