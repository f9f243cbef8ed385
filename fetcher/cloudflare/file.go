package cloudflare

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// maxFile is how large a usage file may be, after decompression. It is more
// than an answer may be because a file can hold years of an account.
const maxFile = 128 << 20

// maxRatio is how many times its size a gzip larger than an answer may unpack
// to. Rows pack to a tenth or so, and those that are all alike to a hundredth; what
// packs to a thousandth was made to fill a memory.
const maxRatio = 400

// ReadFile reads a usage file: what the API answers, gzip or not, of at most
// 128 MiB after decompression.
func ReadFile(path string) (Usage, error) {
	f, err := os.Open(path)
	if err != nil {
		return Usage{}, fmt.Errorf("opening usage file: %w", err)
	}
	defer f.Close()
	usage, err := ReadUsage(f)
	if err != nil {
		return Usage{}, fmt.Errorf("reading usage file %s: %w", path, err)
	}
	return usage, nil
}

// ReadUsage reads what [ReadFile] reads from any reader.
func ReadUsage(r io.Reader) (Usage, error) {
	body, err := readAll(r, maxFile)
	if err != nil {
		return Usage{}, err
	}
	return DecodeUsage(body)
}

// readAll reads everything, unpacked if it is gzip, up to limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	packed := &counted{Reader: r}
	buffered := bufio.NewReader(packed)
	r = buffered
	// A short file has no magic number, and fails later for a better reason.
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("unpacking: %w", err)
		}
		r = &measured{unpacked: counted{Reader: unpacked}, packed: packed}
	}
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, nil
}

// counted is a reader that knows how much was read of it.
type counted struct {
	io.Reader
	bytes int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bytes += int64(n)
	return n, err
}

// measured is what a gzip unpacks to, as long as that is believable.
type measured struct {
	unpacked counted
	packed   *counted
}

func (m *measured) Read(p []byte) (int, error) {
	if got := m.unpacked.bytes; got > maxBody && got > maxRatio*m.packed.bytes {
		return 0, fmt.Errorf("it unpacks to more than %d times its size", maxRatio)
	}
	return m.unpacked.Read(p)
}
