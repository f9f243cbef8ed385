package cloudflare

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// maxCodes is how many of Cloudflare's reasons are kept of one answer.
const maxCodes = 8

var (
	errHTML  = errors.New("the answer is an HTML page")
	errEmpty = errors.New("the answer is empty")
)

// refusal is an envelope that does not say success.
type refusal struct {
	absent bool // it says nothing about success
	codes  []Code
}

func (r *refusal) Error() string {
	text := "success is false"
	if r.absent {
		text = "success is missing"
	}
	if len(r.codes) > 0 {
		text += " (" + joinCodes(r.codes) + ")"
	}
	return text
}

// envelope is what Cloudflare wraps around every result.
type envelope struct {
	success *bool
	codes   []Code
	result  jsontext.Kind // of the result; 0 when there is none
}

// readEnvelope reads an answer. It calls read on the result if that is of the
// wanted kind, '[' or '{'; anything else is an error, and so is an envelope
// that does not say success. Its members may come in any order.
func readEnvelope(body []byte, want jsontext.Kind, read func(*jsontext.Decoder) error) error {
	e, err := walkEnvelope(body, want, read)
	if err != nil {
		// Why there is nothing to read is better to know than that it was
		// badly written.
		if e, again := walkEnvelope(body, 0, nil); again == nil && e.success != nil && !*e.success {
			return &refusal{codes: e.codes}
		}
		return err
	}
	switch {
	case e.success == nil:
		return &refusal{absent: true, codes: e.codes}
	case !*e.success:
		return &refusal{codes: e.codes}
	case e.result == 0:
		return errors.New("result is missing")
	case e.result != want:
		return fmt.Errorf("result is %s, not %s", kindName(e.result), kindName(want))
	}
	return nil
}

// readCodes reads Cloudflare's reasons out of a refusal, as far as it is one.
func readCodes(body []byte) ([]Code, error) {
	e, err := walkEnvelope(body, 0, nil)
	if errors.Is(err, errEmpty) {
		return nil, nil
	}
	return e.codes, err
}

func walkEnvelope(body []byte, want jsontext.Kind, read func(*jsontext.Decoder) error) (envelope, error) {
	if err := checkStart(body); err != nil {
		return envelope{}, err
	}
	dec := newDecoder(body)
	var e envelope
	err := walkObject(dec, "the answer", func(name []byte) (err error) {
		switch string(name) {
		case "success":
			e.success, err = readBool(dec, "success")
		case "errors":
			err = e.readErrors(dec)
		case "result":
			err = e.readResult(dec, want, read)
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if err == nil {
		err = checkEnd(dec)
	}
	return e, jsonError(err)
}

// newDecoder reads body in place. Names that stand twice are looked for where
// it matters, as the decoder's own look at every name costs time.
func newDecoder(body []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
}

func (e *envelope) readResult(dec *jsontext.Decoder, want jsontext.Kind, read func(*jsontext.Decoder) error) error {
	if e.result != 0 {
		return errors.New("result stands twice")
	}
	e.result = dec.PeekKind()
	if read == nil || e.result != want {
		return dec.SkipValue()
	}
	return read(dec)
}

func (e *envelope) readErrors(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '[' {
		return dec.SkipValue()
	}
	return readList(dec, "errors", func() error {
		if dec.PeekKind() != '{' || len(e.codes) == maxCodes {
			return dec.SkipValue()
		}
		code, err := readCode(dec)
		e.codes = append(e.codes, code)
		return err
	})
}

// readCode reads one reason. It takes what it understands, since a reason that
// is oddly written must not hide the refusal.
func readCode(dec *jsontext.Decoder) (Code, error) {
	var code Code
	err := walkObject(dec, "an error", func(name []byte) error {
		field := string(name)
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		switch field {
		case "code":
			code.Code = smallInt(raw)
		case "message":
			text, _ := unquote(raw)
			code.Message = clean(text)
		}
		return nil
	})
	return code, err
}

// smallInt reads a whole number, quoted or not, and 0 from anything else.
func smallInt(raw jsontext.Value) int {
	n, err := parseNumber(bytes.Trim(raw, `"`), maxIntegerDigits)
	if err != nil || !n.fits || n.exp != 0 || n.coef > 1<<31-1 || n.coef < -1<<31 {
		return 0
	}
	return int(n.coef)
}

// checkEnd wants nothing but white space after the answer.
func checkEnd(dec *jsontext.Decoder) error {
	_, err := dec.ReadToken()
	if err == io.EOF {
		return nil
	}
	return fmt.Errorf("something follows the answer at byte %d", dec.InputOffset())
}

// jsonError says in plain words where JSON is broken.
func jsonError(err error) error {
	syntax, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return fmt.Errorf("the answer is cut off: %w", io.ErrUnexpectedEOF)
	case ok:
		return fmt.Errorf("the answer is not valid JSON at byte %d: %w", syntax.ByteOffset, syntax.Err)
	}
	return err
}
