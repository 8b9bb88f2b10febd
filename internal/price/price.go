// Package price is the arithmetic of money: lines, totals, and whether an actual price stays inside the agreed one.
// All amounts are integer fen (1/100 yuan), quantities integer thousandths of their unit, percentages whole. It never
// touches floating point, and asks nobody.
package price

import (
	"fmt"
	"math"
	"math/bits"
	"unicode/utf8"

	"aftercare/internal/fault"
)

// Limits of one part line. They keep every product inside 64 bits and every total a safe integer in JavaScript.
const (
	MaxUnitFen       = 10_000_000_00 // ten million yuan
	MaxQuantityMilli = 10_000_000    // ten thousand units
	MaxLines         = 100
	MaxAmountFen     = 10_000_000_000 // one hundred million yuan, as the table limits labour and actual prices
	MaxText          = 120
)

// Origins and grades of a part (E-03).
const (
	FromShop     = "shop"
	FromCustomer = "customer"
	Genuine      = "genuine"     // 正厂
	Aftermarket  = "aftermarket" // 副厂
)

// Part is one agreed line of parts. QuantityMilli is in thousandths of Unit (4500 = 4.5 L).
type Part struct {
	Name          string `json:"name"`
	Number        string `json:"number"`
	QuantityMilli int64  `json:"quantity_milli"`
	Unit          string `json:"unit"`
	UnitFen       int64  `json:"unit_fen"`
	Origin        string `json:"origin"`
	Grade         string `json:"grade"`
}

// Line is what the totals need of a job: who pays, labour and parts in fen.
type Line struct {
	Payer     string `json:"payer"`
	LabourFen int64  `json:"labour_fen"`
	PartsFen  int64  `json:"parts_fen"`
}

// Sums are the totals of a document in fen. CustomerFen counts only what the customer pays (E-04).
type Sums struct {
	CustomerFen int64 `json:"customer_fen"`
	LabourFen   int64 `json:"labour_fen"`
	PartsFen    int64 `json:"parts_fen"`
}

// PayerCustomer is the payer whose money the customer consents to.
const PayerCustomer = "customer"

// LineFen is unit price × quantity in fen, half a fen rounded up. Nothing below 0 counts, and what would overflow
// (far beyond the limits) is the largest amount there is.
func LineFen(quantityMilli, unitFen int64) int64 {
	return share(unitFen, quantityMilli, 500, 1000)
}

// share is (amount × factor + extra) / divisor without overflow; negative arguments count as 0.
func share(amount, factor int64, extra, divisor uint64) int64 {
	hi, lo := bits.Mul64(uint64(max(0, amount)), uint64(max(0, factor)))
	lo, carry := bits.Add64(lo, extra, 0)
	hi += carry
	if hi >= divisor {
		return math.MaxInt64
	}
	quotient, _ := bits.Div64(hi, lo, divisor)
	return int64(min(quotient, math.MaxInt64))
}

// PartsFen sums the lines; parts the customer brings along cost nothing (E-03).
func PartsFen(parts []Part) int64 {
	var sum int64
	for _, p := range parts {
		if p.Origin != FromCustomer {
			sum += LineFen(p.QuantityMilli, p.UnitFen)
		}
	}
	return sum
}

// Totals sums a document's jobs.
func Totals(lines []Line) Sums {
	var s Sums
	for _, l := range lines {
		s.LabourFen += l.LabourFen
		s.PartsFen += l.PartsFen
		if l.Payer == PayerCustomer {
			s.CustomerFen += l.LabourFen + l.PartsFen
		}
	}
	return s
}

// LimitFen is the highest actual price that an agreed one covers, in fen, fractions of a fen dropped (S-07).
func LimitFen(agreedFen, percent int64) int64 { return share(agreedFen, 100+percent, 0, 100) }

// InRange says whether the actual price needs no new consent. Cheaper always is in range (S-07).
func InRange(agreedFen, actualFen, percent int64) bool {
	return actualFen <= LimitFen(agreedFen, percent)
}

// CheckParts holds lines against their limits. Codes: price.too_many_parts, price.part with {line} and {field}.
func CheckParts(parts []Part) error {
	if len(parts) > MaxLines {
		return fault.New(fault.Invalid, "price.too_many_parts").On("parts").With("most", MaxLines)
	}
	for i, p := range parts {
		if field := wrong(p); field != "" {
			return fault.New(fault.Invalid, "price.part").On("parts").
				With("line", i+1).With("field", fault.Words{"part." + field})
		}
	}
	return nil
}

func wrong(p Part) string {
	switch {
	case p.Name == "" || tooLong(p.Name):
		return "name"
	case tooLong(p.Number):
		return "number"
	case p.QuantityMilli < 1 || p.QuantityMilli > MaxQuantityMilli:
		return "quantity_milli"
	case tooLong(p.Unit):
		return "unit"
	case p.UnitFen < 0 || p.UnitFen > MaxUnitFen:
		return "unit_fen"
	case p.Origin != FromShop && p.Origin != FromCustomer:
		return "origin"
	case p.Grade != "" && p.Grade != Genuine && p.Grade != Aftermarket:
		return "grade"
	}
	return ""
}

func tooLong(s string) bool { return utf8.RuneCountInString(s) > MaxText }

// Yuan writes an amount for a sentence: 12345 fen is "123.45".
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

// ValidAmount says whether an agreed or actual amount is inside its limits (fen).
func ValidAmount(fen int64) bool { return fen >= 0 && fen <= MaxAmountFen }
