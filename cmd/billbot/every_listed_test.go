package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/billbot/billbot/notifier/slack"
)

// parsed is the files of a folder that are no tests.
func parsed(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no code in %s: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// constant is a constant of a text.
type constant struct{ kind, name, text string }

func constantsIn(files []*ast.File) []constant {
	var found []constant
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is || len(spec.Values) != len(spec.Names) {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			for i, value := range spec.Values {
				literal, is := value.(*ast.BasicLit)
				if !is || literal.Kind != token.STRING {
					continue
				}
				text, _ := strconv.Unquote(literal.Value)
				c := constant{name: spec.Names[i].Name, text: text}
				if kind != nil {
					c.kind = kind.Name
				}
				found = append(found, c)
			}
			return true
		})
	}
	return found
}

// constants lists the constants of some types as "Type value".
func constants(t *testing.T, dir string, types ...string) []string {
	t.Helper()
	var found []string
	for _, c := range constantsIn(parsed(t, dir)) {
		if slices.Contains(types, c.kind) {
			found = append(found, c.kind+" "+c.text)
		}
	}
	return found
}

// TestEveryButtonIsPressed: whatever the code makes that can be pressed, the
// table presses. What it makes in another way than these fails too.
func TestEveryButtonIsPressed(t *testing.T) {
	files := parsed(t, "../../notifier/slack")
	text := map[string]string{}
	for _, c := range constantsIn(files) {
		text[c.name] = c.text
	}
	pressed := map[string]bool{slack.ShareAction: true} // TestShareBothWays
	for _, d := range buttonDeeds {
		pressed[d.pressed] = true
	}
	for _, d := range actionDeeds {
		pressed[d.pressed] = true
	}
	found := 0
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if made, is := n.(*ast.CompositeLit); is && strings.HasSuffix(madeBy(made.Type), "BlockElement") {
				t.Errorf("a %s is made without its constructor, where this test does not look", madeBy(made.Type))
			}
			call, is := n.(*ast.CallExpr)
			if !is || len(call.Args) == 0 {
				return true
			}
			first, _ := call.Args[0].(*ast.Ident)
			switch made := madeBy(call.Fun); made {
			case "NewButtonBlockElement", "option":
				found++
				if first == nil || !pressed[text[first.Name]] {
					t.Errorf("nothing presses what %s makes of %v", made, call.Args[0])
				}
			case "NewOverflowBlockElement", "NewDatePickerBlockElement", "NewPlainTextInputBlockElement": // its choices, and what a form asks for
			default:
				if strings.HasPrefix(made, "New") && strings.HasSuffix(made, "BlockElement") {
					t.Errorf("%s makes what no test presses", made)
				}
			}
			return true
		})
	}
	if found < len(buttonDeeds) {
		t.Errorf("found %d buttons and choices in the code, the table has %d", found, len(buttonDeeds))
	}
}

// madeBy is the name of what is called or made, without its package.
func madeBy(e ast.Expr) string {
	switch f := e.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
