package store

import "encoding/binary"

// appendCoefficients adds coefficients in a layout, and uses stored up.
func appendCoefficients(to []byte, layout byte, stored []int64) []byte {
	if layout&columnConstant != 0 {
		return binary.AppendVarint(to, stored[0])
	}
	var size columnSize
	before := int64(0)
	for i, c := range stored {
		if layout&columnDeltas != 0 {
			stored[i], before = c-before, c
		}
		size.add(stored[i])
	}
	if layout&columnBits != 0 {
		to = append(binary.AppendVarint(to, size.lowest), byte(size.width()))
		return appendBits(to, size, stored)
	}
	for _, c := range stored {
		to = binary.AppendVarint(to, c)
	}
	return to
}

// appendBits adds the distance of each number from the lowest, in as many bits
// as the largest distance takes, the lowest bit first.
func appendBits(to []byte, size columnSize, stored []int64) []byte {
	var held uint64 // the bits not yet written, fewer than 8 between numbers
	have := 0
	for _, c := range stored {
		distance := uint64(c) - uint64(size.lowest)
		for left := size.width(); left > 0; {
			take := min(left, 32)
			held |= distance & (1<<take - 1) << have
			distance >>= take
			left -= take
			for have += take; have >= 8; have -= 8 {
				to = append(to, byte(held))
				held >>= 8
			}
		}
	}
	if have > 0 {
		to = append(to, byte(held))
	}
	return to
}

// coefficients reads what appendCoefficients wrote.
func (r *reader) coefficients(layout byte, stored []int64) {
	if layout&columnConstant != 0 {
		c := r.varint()
		for i := range stored {
			stored[i] = c
		}
		return
	}
	if layout&columnBits != 0 {
		r.bits(stored)
	} else {
		r.varints(stored)
	}
	if layout&columnDeltas != 0 {
		for i := 1; i < len(stored); i++ {
			stored[i] += stored[i-1]
		}
	}
}

// varints reads numbers one after the other. The reader is moved once, as each
// move of its pointer costs as much as a number.
func (r *reader) varints(stored []int64) {
	rest := r.rest
	for i := range stored {
		v, n := binary.Varint(rest)
		if n <= 0 {
			r.fail()
			return
		}
		stored[i], rest = v, rest[n:]
	}
	r.rest = rest
}

func (r *reader) bits(stored []int64) {
	lowest, width := r.varint(), int(r.byte())
	packed := r.bytes(uint64(len(stored)*width+7) / 8)
	if width > 64 || r.bad {
		r.fail()
		return
	}
	quick := 0 // numbers that lie within eight bytes from the byte they begin in
	if width <= 57 && len(packed) >= 8 {
		quick = min(len(stored), (len(packed)-8)*8/max(width, 1))
	}
	mask := uint64(1)<<width - 1
	for i := range stored[:quick] {
		at := i * width
		stored[i] = lowest + int64(binary.LittleEndian.Uint64(packed[at/8:])>>(at%8)&mask)
	}
	for i := quick; i < len(stored); i++ {
		stored[i] = int64(uint64(lowest) + bitsAt(packed, i*width, width))
	}
}

// bitsAt returns width bits from bit at on.
func bitsAt(packed []byte, at, width int) uint64 {
	first, shift := at/8, at%8
	if width+shift <= 64 && first+8 <= len(packed) {
		return binary.LittleEndian.Uint64(packed[first:]) >> shift & (1<<width - 1)
	}
	var nine [9]byte // 64 bits that begin within a byte
	copy(nine[:], packed[first:])
	u := binary.LittleEndian.Uint64(nine[:])>>shift | uint64(nine[8])<<(64-shift)
	return u & (1<<width - 1)
}
