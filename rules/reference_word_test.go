package rules

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// written says in words how a value is written.
func written(s shape) string {
	switch types := fmt.Sprint(s.Type); {
	case s.Enum != nil:
		return choiceOf(s)
	case s.Items != nil && slices.Contains(typesOf(s), "object"):
		return "amount, list of 12, or a block"
	case s.Items != nil && s.Items.Properties != nil:
		return "list of blocks"
	case s.Items != nil:
		return "list of " + plural(written(*s.Items))
	case s.Properties != nil && strings.Contains(types, "null"):
		return "block, or empty"
	case s.Properties != nil:
		return "block"
	case s.Pattern != "" && byPattern(s.Pattern) != "":
		return byPattern(s.Pattern)
	case strings.Contains(types, "integer"):
		return "whole number"
	case types == "[number string]":
		return "number"
	}
	return "text"
}

func typesOf(s shape) []string {
	types, _ := s.Type.([]string)
	return types
}

// choiceOf is a choice of words; of long ones what they are.
func choiceOf(s shape) string {
	words := reflect.ValueOf(s.Enum)
	if words.Len() > 20 {
		return "code of a currency"
	}
	var all []string
	for i := range words.Len() {
		all = append(all, "`"+words.Index(i).String()+"`")
	}
	return strings.Join(all, ", ")
}

// byPattern names the patterns that values share.
func byPattern(pattern string) string {
	return map[string]string{
		moneyShape().Pattern:     "amount",
		percentShape().Pattern:   "percentage",
		thresholdShape().Pattern: "percentage or amount",
		durationPattern:          "duration",
		clockPattern:             "time of day",
		keepPattern:              "days, or `forever`",
		channelPattern:           "channel",
		envNameForm.String():     "name of a variable",

		slackIDShape("UWSCG").Pattern: "ID", slackIDShape("UWS").Pattern: "ID",
	}[pattern]
}

func plural(noun string) string {
	switch noun {
	case "percentage or amount":
		return "percentages or amounts"
	case "text":
		return "texts"
	}
	return noun + "s"
}
