package slackfake

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// channel is a channel of the workspace. Its name never changes.
type channel struct {
	id, name string
	private  bool
	archived bool
	away     bool // the bot is not in it
	people   []string
}

// AddChannel makes a public channel that the bot is in.
func (s *Server) AddChannel(name string) (id string) { return s.addChannel(name, false) }

// AddPrivate makes a private channel that the bot is in.
func (s *Server) AddPrivate(name string) (id string) { return s.addChannel(name, true) }

func (s *Server) addChannel(name string, private bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &channel{id: ChannelID(name), name: plainName(name), private: private}
	s.channels = append(s.channels, c)
	return c.id
}

// Archive archives a channel, or brings it back.
func (s *Server) Archive(name string, archived bool) {
	s.edit(name, func(c *channel) { c.archived = archived })
}

// Remove takes the bot out of a channel, or invites it again.
func (s *Server) Remove(name string, away bool) {
	s.edit(name, func(c *channel) { c.away = away })
}

// AddPeople brings people into a channel, by their IDs.
func (s *Server) AddPeople(name string, users ...string) {
	s.edit(name, func(c *channel) { c.people = append(c.people, users...) })
}

func (s *Server) edit(name string, change func(*channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.byName(name); c != nil {
		change(c)
	}
}

// ChannelID is the ID of the channel of a name.
func ChannelID(name string) string {
	return "C0" + strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '#' {
			return -1
		}
		return r
	}, strings.ToUpper(name))
}

func plainName(name string) string { return strings.TrimPrefix(name, "#") }

// byID finds a channel, nil if there is none. The lock is held.
func (s *Server) byID(id string) *channel {
	for _, c := range s.channels {
		if c.id == id {
			return c
		}
	}
	return nil
}

// byName finds a channel by its name or its ID. The lock is held.
func (s *Server) byName(name string) *channel {
	for _, c := range s.channels {
		if c.name == plainName(name) || c.id == name {
			return c
		}
	}
	return nil
}

// sees reports whether the bot can see a channel at all.
func (c *channel) sees() bool { return c != nil && !(c.private && c.away) }

func (s *Server) info(args url.Values, _ time.Duration) result {
	c := s.byID(args.Get("channel"))
	if !c.sees() {
		return refuse("channel_not_found")
	}
	return ok(map[string]any{"channel": c.told()})
}

// told is a channel as Slack tells of it.
func (c *channel) told() map[string]any {
	return map[string]any{
		"id": c.id, "name": c.name, "name_normalized": c.name, "is_channel": !c.private, "is_group": c.private, "is_private": c.private,
		"is_im": false, "is_archived": c.archived, "is_member": !c.away, "is_general": false, "num_members": len(c.inside()),
	}
}

// inside is who is in a channel.
func (c *channel) inside() []string {
	if c.away {
		return c.people
	}
	return append([]string{User}, c.people...)
}

func (s *Server) members(args url.Values, _ time.Duration) result {
	c := s.byID(args.Get("channel"))
	if !c.sees() {
		return refuse("channel_not_found")
	}
	page, next := paged(c.inside(), args)
	return ok(map[string]any{"members": page, "response_metadata": map[string]any{"next_cursor": next}})
}

func (s *Server) join(args url.Values, _ time.Duration) result {
	c := s.byID(args.Get("channel"))
	switch {
	case c == nil || c.private:
		return refuse("channel_not_found")
	case c.archived:
		return refuse("is_archived")
	}
	c.away = false
	return ok(map[string]any{"channel": c.told()})
}

func (s *Server) list(args url.Values, _ time.Duration) result {
	return s.listed(args, (*channel).sees)
}

func (s *Server) listOwn(args url.Values, _ time.Duration) result {
	return s.listed(args, func(c *channel) bool { return !c.away })
}

func (s *Server) listed(args url.Values, shown func(*channel) bool) result {
	types := args.Get("types")
	if types == "" {
		types = "public_channel"
	}
	found := []map[string]any{}
	for _, c := range s.channels {
		kind := "public_channel"
		if c.private {
			kind = "private_channel"
		}
		if shown(c) && slices.Contains(strings.Split(types, ","), kind) && !(c.archived && args.Get("exclude_archived") == "true") {
			found = append(found, c.told())
		}
	}
	page, next := paged(found, args)
	return ok(map[string]any{"channels": page, "response_metadata": map[string]any{"next_cursor": next}})
}

// paged is a page of what is asked for with a cursor, a hundred without limit.
func paged[T any](all []T, args url.Values) (page []T, next string) {
	limit, _ := strconv.Atoi(args.Get("limit"))
	if limit <= 0 {
		limit = 100
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(args.Get("cursor"), "page-"))
	from = min(max(from, 0), len(all))
	to := min(from+limit, len(all))
	if to < len(all) {
		next = "page-" + strconv.Itoa(to)
	}
	return all[from:to], next
}

// openIM opens the channel of the bot with one person.
func (s *Server) openIM(args url.Values, _ time.Duration) result {
	user := args.Get("users")
	if user == "" || strings.Contains(user, ",") {
		return refuse("user_not_found")
	}
	id := "D" + strings.TrimPrefix(user, "U")
	if s.byID(id) == nil {
		s.channels = append(s.channels, &channel{id: id, name: strings.ToLower(id), private: true, people: []string{user}})
	}
	return ok(map[string]any{"channel": map[string]any{"id": id}})
}
