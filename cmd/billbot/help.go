package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is how wide help is.
const helpWidth = 90

// printHelp prints what a command is for, what is below it, and its flags.
func printHelp(c *cobra.Command, _ []string) {
	to := c.OutOrStdout()
	usage := c.CommandPath() + strings.TrimPrefix(c.Use, c.Name())
	if c.HasAvailableSubCommands() {
		usage += " COMMAND"
	}
	fmt.Fprintf(to, "Usage: %s [flags]\n", usage)
	for _, text := range []string{c.Short, c.Long} {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(to, "\n%s\n", wrapped(text, ""))
		}
	}
	printCommands(c)
	flags := c.LocalFlags()
	flags.AddFlagSet(c.InheritedFlags())
	fmt.Fprintf(to, "\nFlags:\n%s", flags.FlagUsagesWrapped(helpWidth))
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(to, "\n\"%s COMMAND --help\" says more of one.\n", c.CommandPath())
	}
}

// placeInHelp is the annotation of a command that says where it stands among
// others. Cobra would put them by name.
const placeInHelp = "place"

// printCommands prints the commands below one.
func printCommands(c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	fmt.Fprint(c.OutOrStdout(), "\nCommands:\n")
	const column = 14
	below := slices.SortedStableFunc(slices.Values(c.Commands()), func(a, b *cobra.Command) int {
		return cmp.Compare(cmp.Or(a.Annotations[placeInHelp], "last"), cmp.Or(b.Annotations[placeInHelp], "last"))
	})
	for _, below := range below {
		if below.IsAvailableCommand() {
			text := wrapped(below.Short, strings.Repeat(" ", column))
			fmt.Fprintf(c.OutOrStdout(), "  %-*s%s\n", column-2, below.Name(), text)
		}
	}
}

// wrapped breaks lines of prose that are too long; lines that begin with a space
// stay as they are. Each line but the first begins with indent.
func wrapped(text, indent string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, " ") {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, broken(line, helpWidth-len(indent))...)
	}
	return strings.Join(lines, "\n"+indent)
}

// broken is a line in parts of at most width characters.
func broken(line string, width int) []string {
	var parts []string
	part := ""
	for _, word := range strings.Fields(line) {
		if part != "" && len(part)+1+len(word) > width {
			parts, part = append(parts, part), ""
		}
		if part != "" {
			part += " "
		}
		part += word
	}
	return append(parts, part)
}
