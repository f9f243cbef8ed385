package cloudflare

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// body is what an answer holds, unpacked, and what reading it took. All of it
// is used again for a later answer, because growing a buffer to the size of a
// bill costs more than reading the bill into it.
type body struct {
	bytes.Buffer
	packed *bufio.Reader
	unpack gzip.Reader
}

// bodies are those that may be used again.
type bodies struct{ pool sync.Pool }

// read reads an answer, up to one byte more than limit, which tells that it is
// too large. What could be read comes with an error, too.
func (p *bodies) read(response *http.Response, limit int64) (*body, error) {
	b, ok := p.pool.Get().(*body)
	if !ok {
		b = &body{packed: bufio.NewReader(nil)}
	}
	b.Reset()
	from, err := b.unpacked(response)
	if err == nil {
		_, err = b.ReadFrom(io.LimitReader(from, limit+1))
	}
	return b, err
}

// unpacked undoes the compression that [Client.request] asks for. The transport
// would undo what it asks for itself, but with a new reader for each answer.
func (b *body) unpacked(response *http.Response) (io.Reader, error) {
	if !strings.EqualFold(response.Header.Get("Content-Encoding"), "gzip") {
		return response.Body, nil
	}
	b.packed.Reset(response.Body)
	if err := b.unpack.Reset(b.packed); err != nil && err != io.EOF {
		return nil, err
	} else if err == io.EOF {
		return b.packed, nil // nothing at all
	}
	return &b.unpack, nil
}

// done gives a body back. Nothing may hold a part of it any longer.
func (p *bodies) done(b *body) {
	b.packed.Reset(nil)
	p.pool.Put(b)
}
