package main

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A command is a struct. Its fields are its flags and arguments, and the
// commands below it; their tags say what the field alone does not:
//
//	help         what it is, for people
//	name         its name, where the field's own in lower case will not do
//	placeholder  what stands for a value in the help
//	default      the value without the flag
//	enum         the values there are
//	arg          an argument, by its place; with optional it may be left out
//	cmd          a command; with default it is the one meant when none is named

// newCommand makes the command of a struct, and the commands below it. The one
// that is called has its fields filled in, and is put into chosen.
func newCommand(name string, tag reflect.StructTag, target reflect.Value, chosen *command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: tag.Get("help"), SilenceErrors: true, SilenceUsage: true}
	if long, ok := target.Addr().Interface().(interface{ Help() string }); ok {
		c.Long = long.Help()
	}
	c.Flags().BoolP("help", "h", false, "Print this.")
	places := addFields(c, target, chosen)
	if run, ok := target.Addr().Interface().(command); ok {
		c.RunE = func(_ *cobra.Command, args []string) error {
			*chosen = run
			return place(places, args)
		}
	}
	return c
}

// addFields takes the fields of a struct, and of those in it, into a command. It
// returns the arguments among them.
func addFields(c *cobra.Command, target reflect.Value, chosen *command) (places []argument) {
	for i := range target.NumField() {
		field, value := target.Type().Field(i), target.Field(i)
		switch {
		case field.Anonymous:
			places = append(places, addFields(c, value, chosen)...)
		case !field.IsExported():
		case has(field, "cmd"):
			below := newCommand(nameOf(field), field.Tag, value, chosen)
			below.Annotations = map[string]string{placeInHelp: fmt.Sprintf("%03d", i)}
			c.AddCommand(below)
			if has(field, "default") {
				c.RunE = below.RunE
				c.Flags().AddFlagSet(below.Flags())
			}
		case has(field, "arg"):
			places = append(places, argument{field, value})
			c.Use += " " + places[len(places)-1].usage()
		default:
			addFlag(c, field, value)
		}
	}
	return places
}

func has(field reflect.StructField, tag string) bool {
	_, there := field.Tag.Lookup(tag)
	return there
}

// nameOf is what a field is called on the command line: AsOf is as-of.
func nameOf(field reflect.StructField) string {
	if name := field.Tag.Get("name"); name != "" {
		return name
	}
	var b strings.Builder
	lower := false
	for _, c := range field.Name {
		upper := unicode.IsUpper(c)
		if upper && lower {
			b.WriteByte('-')
		}
		lower = !upper
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

// addFlag makes a flag of a field. What a default is, is told by the help where
// there is a placeholder.
func addFlag(c *cobra.Command, field reflect.StructField, value reflect.Value) {
	name, help := nameOf(field), field.Tag.Get("help")
	v := fieldValue{field: field, value: value}
	switch to := value.Addr().Interface().(type) {
	case *bool:
		c.Flags().BoolVar(to, name, field.Tag.Get("default") == "true", help)
		return
	case *[]string:
		c.Flags().StringArrayVar(to, name, nil, help)
		c.Flags().Lookup(name).Value = repeated{c.Flags().Lookup(name).Value, v}
	default:
		if fallback := field.Tag.Get("default"); fallback != "" {
			_ = v.Set(fallback) // the test of all commands' flags has set it
		}
		c.Flags().Var(v, name, help)
	}
	if flag := c.Flags().Lookup(name); has(field, "placeholder") {
		flag.DefValue = ""
	}
	if values := v.values(); values != nil {
		_ = c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// fieldValue is a field as the value of a flag or an argument.
type fieldValue struct {
	field reflect.StructField
	value reflect.Value
}

// values are those that there are; nil if they are not a few words.
func (v fieldValue) values() []string {
	if enum := v.field.Tag.Get("enum"); enum != "" {
		return strings.Split(enum, ",")
	}
	return nil
}

// Set reads a value into the field.
func (v fieldValue) Set(text string) error {
	if values := v.values(); values != nil && !slices.Contains(values, text) {
		return fmt.Errorf("it must be one of %s", strings.Join(values, ", "))
	}
	switch to := v.value.Addr().Interface().(type) {
	case *string:
		*to = text
	case *bool:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		*to = yes
	case *uint64:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		*to = n
	case encoding.TextUnmarshaler:
		return to.UnmarshalText([]byte(text))
	default:
		return fmt.Errorf("no flag can be of type %s", v.value.Type())
	}
	return nil
}

// String is the field's value.
func (v fieldValue) String() string {
	if !v.value.IsValid() || v.value.IsZero() {
		return ""
	}
	return fmt.Sprint(v.value.Interface())
}

// Type is what stands for a value in the help.
func (v fieldValue) Type() string {
	if shown := v.field.Tag.Get("placeholder"); shown != "" {
		return shown
	}
	if values := v.values(); values != nil {
		return strings.Join(values, "|")
	}
	return strings.ToUpper(nameOf(v.field))
}

// repeated is a flag that may be given several times, with our word for its value.
type repeated struct {
	pflag.Value
	shown fieldValue
}

// Type is what stands for one of the values in the help.
func (r repeated) Type() string { return r.shown.Type() }

// argument is an argument by its place.
type argument struct {
	field reflect.StructField
	value reflect.Value
}

func (a argument) usage() string {
	shown := fieldValue(a).Type()
	if a.value.Kind() == reflect.Slice {
		shown += "..."
	}
	if has(a.field, "optional") {
		return "[" + shown + "]"
	}
	return shown
}

// place fills in the arguments. A list takes all that are left.
func place(places []argument, args []string) error {
	for _, a := range places {
		switch {
		case len(args) == 0 && has(a.field, "optional"):
		case len(args) == 0:
			return fmt.Errorf("%s is missing: %s", a.usage(), a.field.Tag.Get("help"))
		case a.value.Kind() == reflect.Slice:
			a.value.Set(reflect.ValueOf(args))
			args = nil
		default:
			if err := fieldValue(a).Set(args[0]); err != nil {
				return fmt.Errorf("%s: %w", a.usage(), err)
			}
			args = args[1:]
		}
	}
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q", args[0])
	}
	return nil
}
