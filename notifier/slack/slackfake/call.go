package slackfake

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Call is one request that came, whatever became of it.
type Call struct {
	At            time.Time
	Method        string     // chat.postMessage, or ResponseURL
	Authorization string     // the header, as it was
	Args          url.Values // of a form or of a JSON object, whose values that are no text stay JSON
	Body          string     // as it was
	Answer        string     // "ok", or the code of the error; "" where a fault took the place of all
	path          string
}

// Calls returns all requests so far of these methods, or of all, in the order
// they were answered.
func (s *Server) Calls(methods ...string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Call
	for _, c := range s.calls {
		if len(methods) == 0 || slices.Contains(methods, c.Method) {
			found = append(found, c)
		}
	}
	return found
}

func newCall(r *http.Request, method string) Call {
	body, _ := io.ReadAll(r.Body) // a body that ends early is what came
	return Call{
		At: time.Now(), Method: method, Authorization: r.Header.Get("Authorization"),
		Args: arguments(r.Header.Get("Content-Type"), body, r.URL.Query()), Body: string(body), path: r.URL.Path,
	}
}

// arguments reads what a method is asked with: a query, a form, or JSON.
func arguments(contentType string, body []byte, args url.Values) url.Values {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json":
		addObject(args, body)
	default:
		if form, err := url.ParseQuery(string(body)); err == nil {
			addAll(args, form)
		}
	}
	return args
}

func addAll(args, more url.Values) {
	for name, values := range more {
		args[name] = append(args[name], values...)
	}
}

func addObject(args url.Values, body []byte) {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return
	}
	for name, raw := range object {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = strings.TrimSpace(string(raw))
		}
		args.Set(name, text)
	}
}

// token is what the caller says who it is with: in a header, or in the form.
func (c Call) token() string {
	if token, is := strings.CutPrefix(c.Authorization, "Bearer "); is {
		return token
	}
	return c.Args.Get("token")
}
