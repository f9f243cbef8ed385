package blockkit

import (
	"slices"

	"github.com/slack-go/slack"
)

// options are what can be chosen, at most so many. An option whose value is too
// long is left out, as another value would be another choice.
func (m *mender) options(limit, place string, all []*slack.OptionBlockObject, most int) []*slack.OptionBlockObject {
	m.least(limit, place, len(all), 1)
	if m.most(limit, place, len(all), most) {
		m.leave("option", len(all)-most)
		all = all[:most]
	}
	var kept []*slack.OptionBlockObject
	for i, o := range all {
		if o = m.option(at(place, i), o); o != nil {
			kept = append(kept, o)
		} else {
			m.leave("option", 1)
		}
	}
	return kept
}

func (m *mender) option(place string, o *slack.OptionBlockObject) *slack.OptionBlockObject {
	if o == nil {
		m.wrong("option", place, "there is none")
		return nil
	}
	kept := *o
	kept.Text = m.words("option text", place+".text", o.Text, MaxOption)
	kept.Description = m.text("option description", place+".description", o.Description, MaxOption)
	value := m.whole("option value", place+".value", o.Value, MaxOptionValue)
	if !m.whole("option url", place+".url", o.URL, MaxURL) || !value {
		return nil
	}
	return &kept
}

// choice is the option that is chosen to begin with: the one of those that are
// offered, or none.
func (m *mender) choice(place string, chosen *slack.OptionBlockObject, offered []*slack.OptionBlockObject) *slack.OptionBlockObject {
	if chosen == nil {
		return nil
	}
	i := slices.IndexFunc(offered, func(o *slack.OptionBlockObject) bool { return o.Value == chosen.Value })
	if i < 0 {
		m.wrong("initial option", place, "it is not offered")
		return nil
	}
	return offered[i]
}

func (m *mender) chosen(place string, all, offered []*slack.OptionBlockObject) []*slack.OptionBlockObject {
	var kept []*slack.OptionBlockObject
	for i, o := range all {
		if o == nil {
			m.wrong("initial option", at(place, i), "there is none")
		}
		if o = m.choice(at(place, i), o, offered); o != nil {
			kept = append(kept, o)
		}
	}
	return kept
}

// groups are options below labels.
func (m *mender) groups(place string, all []*slack.OptionGroupBlockObject) []*slack.OptionGroupBlockObject {
	if m.most("option groups", place, len(all), MaxOptions) {
		m.leave("group of options", len(all)-MaxOptions)
		all = all[:MaxOptions]
	}
	var kept []*slack.OptionGroupBlockObject
	for i, g := range all {
		if g == nil {
			m.wrong("option group", at(place, i), "there is none")
			continue
		}
		group := *g
		group.Label = m.words("option group label", at(place, i)+".label", g.Label, MaxOption)
		group.Options = m.options("group options", at(place, i)+".options", g.Options, MaxOptions)
		if len(group.Options) > 0 {
			kept = append(kept, &group)
		}
	}
	return kept
}

// offered are the options of a static menu, and all of them together. Others
// are filled by Slack, or by whoever is asked.
func (m *mender) offered(place string, static bool, options *[]*slack.OptionBlockObject, groups *[]*slack.OptionGroupBlockObject) []*slack.OptionBlockObject {
	if len(*groups) > 0 {
		*groups = m.groups(place+".option_groups", *groups)
	}
	if static && len(*groups) == 0 || len(*options) > 0 {
		*options = m.options("select options", place+".options", *options, MaxOptions)
	}
	all := slices.Clone(*options)
	for _, g := range *groups {
		all = append(all, g.Options...)
	}
	return all
}

// menu mends a select menu, and reports whether there is anything to select.
func (m *mender) menu(place string, e *slack.SelectBlockElement) bool {
	static := e.Type == slack.OptTypeStatic
	e.Placeholder = m.placeholder(place, e.Placeholder)
	e.Confirm = m.confirm(place+".confirm", e.Confirm)
	all := m.offered(place, static, &e.Options, &e.OptionGroups)
	if static {
		e.InitialOption = m.choice(place+".initial_option", e.InitialOption, all)
	} else if e.InitialOption != nil {
		e.InitialOption = m.option(place+".initial_option", e.InitialOption)
	}
	return !static || len(all) > 0
}

// multiMenu is [mender.menu] for menus that more than one can be chosen of.
func (m *mender) multiMenu(place string, e *slack.MultiSelectBlockElement) bool {
	static := e.Type == slack.MultiOptTypeStatic
	e.Placeholder = m.placeholder(place, e.Placeholder)
	e.Confirm = m.confirm(place+".confirm", e.Confirm)
	all := m.offered(place, static, &e.Options, &e.OptionGroups)
	if static {
		e.InitialOptions = m.chosen(place+".initial_options", e.InitialOptions, all)
	} else if len(e.InitialOptions) > 0 {
		e.InitialOptions = m.options("initial options", place+".initial_options", e.InitialOptions, MaxOptions)
	}
	return !static || len(all) > 0
}
