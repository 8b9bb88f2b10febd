package database

import (
	"math/bits"

	"modernc.org/libc"
)

// slots are the sizes in which SQLite's memory comes, in bytes: powers of two, several of one size to a page of the system
// (modernc.org/memory).
const (
	smallestSlot = 16
	largestSlot  = 16 << 10
)

// held keeps one slot of each size for the life of the process. A page whose last slot is given back goes back to the
// system, and the next statement, which needs the same memory to open its tables, asks for it again: three calls of the
// kernel and new pages for nothing. With one slot held no such page runs empty.
var held [bits.UintSize]uintptr

func hold() {
	thread := libc.NewTLS()
	defer thread.Close()
	for size := smallestSlot; size <= largestSlot; size <<= 1 {
		held[bits.TrailingZeros(uint(size))] = libc.Xmalloc(thread, libc.Tsize_t(size))
	}
}
