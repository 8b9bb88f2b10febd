package price

import (
	"math/bits"
	"slices"

	"aftercare/internal/fault"
)

// Who can pay for a job (E-04). Goodwill 优惠 and internal 内部 are the house itself.
const (
	PayerWarranty = "warranty"
	PayerInsurer  = "insurer"
	PayerInternal = "internal"
	PayerGoodwill = "goodwill"
)

// Payers in the order in which they are listed everywhere.
var Payers = []string{PayerCustomer, PayerWarranty, PayerInsurer, PayerInternal, PayerGoodwill}

// Share is what one payer bears of a line, in fen. In a counter-entry it may be negative.
type Share struct {
	Payer string `json:"payer"`
	Fen   int64  `json:"fen"`
}

// Charge is one line of a settlement 结算单: one job, what was agreed, what it came to (labour and parts), what was taken
// off, and who bears the rest. Fen throughout. A counter-entry 冲销 carries differences, so there any figure may be negative.
type Charge struct {
	Job         string  `json:"job"`
	AgreedFen   int64   `json:"agreed_fen"`
	LabourFen   int64   `json:"labour_fen"`
	PartsFen    int64   `json:"parts_fen"`
	DiscountFen int64   `json:"discount_fen"`
	MemberFen   int64   `json:"member_fen"`
	Shares      []Share `json:"shares"`
}

// GrossFen is labour and parts before anything is taken off.
func (c Charge) GrossFen() int64 { return c.LabourFen + c.PartsFen }

// NetFen is what remains to be borne by the payers.
func (c Charge) NetFen() int64 { return c.GrossFen() - c.DiscountFen - c.MemberFen }

// ShareOf is what the payer bears of the line.
func (c Charge) ShareOf(payer string) int64 {
	var sum int64
	for _, s := range c.Shares {
		if s.Payer == payer {
			sum += s.Fen
		}
	}
	return sum
}

// SharesFen is what all payers bear together.
func (c Charge) SharesFen() int64 {
	var sum int64
	for _, s := range c.Shares {
		sum += s.Fen
	}
	return sum
}

// Add joins two lines of one job: a charge and the counter-entries to it. Shares come in the order of Payers, those of
// nothing left out.
func (c Charge) Add(d Charge) Charge {
	sum := Charge{Job: c.Job, AgreedFen: max(c.AgreedFen, d.AgreedFen), LabourFen: c.LabourFen + d.LabourFen, PartsFen: c.PartsFen + d.PartsFen,
		DiscountFen: c.DiscountFen + d.DiscountFen, MemberFen: c.MemberFen + d.MemberFen, Shares: []Share{}}
	for _, payer := range Payers {
		if fen := c.ShareOf(payer) + d.ShareOf(payer); fen != 0 {
			sum.Shares = append(sum.Shares, Share{Payer: payer, Fen: fen})
		}
	}
	return sum
}

// ActualFen is what a job costs: what was written down as actual, or the agreed price where nothing was (S-07).
func ActualFen(agreedLabour, agreedParts, actualLabour, actualParts int64) (labour, parts int64) {
	if actualLabour == 0 && actualParts == 0 {
		return agreedLabour, agreedParts
	}
	return actualLabour, actualParts
}

// PortionFen is the basis points (1/10000) of an amount, fractions of a fen dropped: member prices and discount limits.
func PortionFen(fen, basisPoints int64) int64 { return share(fen, basisPoints, 0, 10000) }

// MemberFen is what a member pays less: a portion of labour and one of parts, each by itself (D-06 会员价).
func MemberFen(labourFen, partsFen, labourBasisPoints, partsBasisPoints int64) int64 {
	return PortionFen(labourFen, labourBasisPoints) + PortionFen(partsFen, partsBasisPoints)
}

// Allocate spreads a total over weights so that the parts are whole fen and sum to the total exactly: each gets its
// share rounded down, the fen left over go one each to the largest remainders, earlier ones first. Weights of 0 get
// nothing; without any weight nothing is allocated. Neither total nor weights may be negative.
func Allocate(total int64, weights []int64) []int64 {
	out := make([]int64, len(weights))
	var all int64
	for _, w := range weights {
		all += w
	}
	if all == 0 {
		return out
	}
	rest, remainders := total, make([]int64, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		quotient, remainder := bits.Div64(hi, lo, uint64(all)) // w ≤ all, so the quotient is at most the total
		out[i], remainders[i] = int64(quotient), int64(remainder)
		rest -= out[i]
	}
	for ; rest > 0; rest-- {
		largest := 0
		for i, r := range remainders {
			if r > remainders[largest] {
				largest = i
			}
		}
		out[largest]++
		remainders[largest] = -1
	}
	return out
}

// Kinds of entries in the ledger of payments. A deposit 定金 is paid before there is anything to settle; credit 挂账 is no
// money, but the word of someone who may give it that the payer pays later.
const (
	KindPayment = "payment"
	KindRefund  = "refund"
	KindDeposit = "deposit"
	KindCredit  = "credit"
)

// Entry is one line of the ledger of payments, in fen, always above 0: its kind says which way the money went.
type Entry struct {
	Payer string `json:"payer"`
	Kind  string `json:"kind"`
	Fen   int64  `json:"fen"`
}

// Balance is how one payer stands with one order: due by the settlements that were issued, paid (deposits counted,
// refunds taken off), and allowed as credit. Fen.
type Balance struct {
	DueFen    int64 `json:"due_fen"`
	PaidFen   int64 `json:"paid_fen"`
	CreditFen int64 `json:"credit_fen"`
}

// OpenFen is what is still to be paid, below 0 what is to be given back: the receivable 欠收. Credit does not lessen it.
func (b Balance) OpenFen() int64 { return b.DueFen - b.PaidFen }

// MissingFen is what keeps the car here: neither paid nor allowed as credit; never below 0.
func (b Balance) MissingFen() int64 { return max(0, b.OpenFen()-b.CreditFen) }

// BalanceOf adds up one payer's side of an order: the lines of its settlements, and its entries.
func BalanceOf(payer string, lines []Charge, entries []Entry) Balance {
	var b Balance
	for _, l := range lines {
		b.DueFen += l.ShareOf(payer)
	}
	for _, e := range entries {
		switch {
		case e.Payer != payer:
		case e.Kind == KindCredit:
			b.CreditFen += e.Fen
		case e.Kind == KindRefund:
			b.PaidFen -= e.Fen
		default:
			b.PaidFen += e.Fen
		}
	}
	return b
}

// MayPayFen is the largest payment that does not pass what is due.
func (b Balance) MayPayFen() int64 { return max(0, b.OpenFen()) }

// MayRefundFen is the largest refund: what was paid beyond what is due, never more than was paid.
func (b Balance) MayRefundFen() int64 { return max(0, b.PaidFen-max(0, b.DueFen)) }

// CheckCharges holds the lines of a settlement to their limits. Code: settlement.line with {line}.
func CheckCharges(lines []Charge) error {
	if len(lines) > MaxLines {
		return fault.New(fault.Invalid, "settlement.too_many_lines").On("lines").With("most", MaxLines)
	}
	for i, l := range lines {
		right := l.Job != "" && len(l.Shares) <= len(Payers)
		for _, fen := range []int64{l.AgreedFen, l.LabourFen, l.PartsFen, l.DiscountFen, l.MemberFen} {
			right = right && fen >= -MaxAmountFen && fen <= MaxAmountFen
		}
		for _, s := range l.Shares {
			right = right && slices.Contains(Payers, s.Payer) && s.Fen >= -2*MaxAmountFen && s.Fen <= 2*MaxAmountFen
		}
		if !right {
			return fault.New(fault.Invalid, "settlement.line").On("lines").With("line", i+1)
		}
	}
	return nil
}
