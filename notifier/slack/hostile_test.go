package slack

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/billbot/billbot/notifier"
	"github.com/billbot/billbot/rules/report"
)

// names that somebody may give a zone, a rule or an account, or slip into what a
// proxy answers.
var hostileNames = []string{
	hostile, "<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S0123ABCD>", "<!date^0^{date}|x>", "<@U012AB3CD>", "<#C0123|x>",
	"<https://evil.example|Cloudflare>", "https://evil.example/", "mailto:a@b.c", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;",
	"*bold*", "a *b* c", "_it_", "~no~", "`code`", "```block```", "> quote", "\n> quote", "\n\n*Limit:* $0", ":fire:", ":a:b:c:", "a:100:b",
	"\u202egnp.exe", "\u2066x\u2069", "\u200b\u200d\ufeff", "a\x00b\x1b[31m", "\r\nX: y", "\u2028\u2029", "", " ", strings.Repeat("*", 500),
	strings.Repeat("<", 3000), strings.Repeat("&", 3000), strings.Repeat("\U0001F525", 400), "\xff\xfe", "ｅ\u0301\u0301\u0301", "{{.}}", "%s%n%d", `"}],"text":"x`,
}

// nameFields are the fields whose text others choose.
var nameFields = regexp.MustCompile(`^(Rule|Account|Service|Zone|Family|Unit|Name|Reason|Channel|Rules|Subject|Text|Title|Lines)$`)

// rename gives every name in a value another text.
func rename(v reflect.Value, field, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			rename(v.Elem(), field, text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				rename(v.Field(i), f.Name, text)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			rename(v.Index(i), field, text)
		}
	case reflect.String:
		if nameFields.MatchString(field) && v.CanSet() {
			v.SetString(text)
		}
	}
}

// renamed is an item with a name for all names, which mentions nobody.
func renamed(item notifier.Item, name string) notifier.Item {
	item.Content.Mention = nil
	if d := item.Content.Digest; d != nil {
		for i := range d.Entries {
			d.Entries[i].Content.Mention = nil
		}
	}
	rename(reflect.ValueOf(&item.Content).Elem(), "", name)
	return item
}

// TestNamesAreLiteral shows each kind of message with each hostile name, and
// reads it as Slack would.
func TestNamesAreLiteral(t *testing.T) {
	for _, text := range hostileNames {
		for kind, item := range contents(t) {
			checkLiteral(t, kind, text, renamed(item, text))
		}
	}
}

// TestNamesByChanceAreLiteral puts hostile names together by chance, another for
// each message.
func TestNamesByChanceAreLiteral(t *testing.T) {
	names := map[string]int{"short": 200_000, "long": 5_000_000}[os.Getenv("BILLBOT_SCORE")]
	kinds := slices.Collect(maps.Values(contents(t)))
	if names == 0 {
		names = 2_000
	}
	for n := range names {
		var b strings.Builder
		for range 1 + rand.IntN(4) {
			part := []rune(hostileNames[rand.IntN(len(hostileNames))])
			from := rand.IntN(len(part) + 1)
			b.WriteString(string(part[from:min(len(part), from+rand.IntN(30))]))
		}
		shown := marked(report.Name(b.String(), 150), 150)
		if what := meant("mrkdwn", shown); what != "" {
			t.Errorf("%q is shown as %q: %s", b.String(), shown, what)
		}
		if n%100 == 0 {
			checkLiteral(t, "a message", b.String(), renamed(kinds[n/100%len(kinds)], b.String()))
		}
	}
	t.Attr("score", fmt.Sprintf("18 names=%d", names))
}

func checkLiteral(t *testing.T, kind, name string, item notifier.Item) {
	t.Helper()
	m := Render(item)
	encoded, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks any
	if err := json.Unmarshal(encoded, &blocks); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{m.Text: "mrkdwn"}
	eachText(blocks, func(kind, text string) { texts[text] = kind })
	for text, form := range texts {
		if what := meant(form, text); what != "" {
			t.Errorf("%s named %.40q: %s in %.200q", kind, name, what, text)
		}
	}
}

func eachText(v any, look func(kind, text string)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			eachText(e, look)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		if text, is := v["text"].(string); is {
			look(kind, text)
		}
		for _, e := range v {
			eachText(e, look)
		}
	}
}

var mentioned = regexp.MustCompile(`<@[UW][A-Z0-9]+>`)

var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// meant is what Slack would find in a text besides letters; "" for nothing. Bold
// lines and labels are ours, from the beginning of a line to its end.
func meant(form, text string) string {
	text = mentioned.ReplaceAllString(text, "") // who did something is called by name
	switch {
	case form == "raw_text": // a cell of a table, where Slack looks for nothing
		return ""
	case strings.ContainsAny(text, "<>"):
		return "a control sequence"
	case strings.Contains(entity.ReplaceAllString(text, ""), "&"):
		return "a bare &"
	case strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }):
		return "an invisible character"
	case emojiCode.MatchString(text):
		return "an emoji"
	case form != "mrkdwn":
		return ""
	case strings.ContainsAny(text, "~`"):
		return "formatting"
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if n := strings.Count(line, "*"); n != 0 && (n != 2 || !strings.HasSuffix(line, "*")) {
			return "bold"
		}
	}
	return ""
}
