package paper

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/document"
	"aftercare/internal/price"
	"aftercare/internal/record"
)

// bills are what each payer bears of the order, by every settlement that counts, and what came in for it (D-06, D-09). The
// customer's signature on the newest of them stands below.
func (g *gathering) bills() error {
	if g.ask.View != document.Settlement || g.ask.Order == nil {
		return nil
	}
	where := dbx.HashExp{record.FieldWorkOrder: g.ask.Order.Id}
	settlements, err := g.rows(record.Settlements, where)
	if err != nil {
		return err
	}
	settlements = slices.DeleteFunc(settlements, func(row *core.Record) bool {
		state := record.AsSettlement(row).State()
		return state != "issued" && state != "settled"
	})
	payments, err := g.rows(record.Payments, where)
	if err != nil {
		return err
	}
	works, err := g.works()
	if err != nil {
		return err
	}
	for _, payer := range price.Payers {
		if bill := billOf(payer, settlements, works); bill != nil {
			g.paid(bill, payments)
			g.sheet.Settlements = append(g.sheet.Settlements, *bill)
		}
	}
	for _, row := range settlements {
		if at := g.local(record.Moment(row, record.FieldSignedAt)); at != "" {
			g.sheet.Signature = &document.Signature{Name: row.GetString(record.FieldSignerName), Relation: row.GetString(record.FieldSignerRelation), At: at,
				Way: "signature", Strokes: strokes(row.GetString(record.FieldStrokes))}
		}
	}
	return nil
}

// works are the jobs' names, those that were taken off the order too: a counter-entry may speak of one.
func (g *gathering) works() (map[string]string, error) {
	jobs, err := g.rows(record.Jobs, dbx.HashExp{record.FieldWorkOrder: g.ask.Order.Id})
	works := map[string]string{}
	for _, row := range jobs {
		works[row.Id] = record.AsJob(row).Facts().Work
	}
	return works, err
}

// billOf is nil for a payer who bears nothing. A line the payer bears alone shows its price, and what was taken off below;
// a shared one shows the payer's share.
func billOf(payer string, settlements []*core.Record, works map[string]string) *document.Bill {
	bill, numbers := &document.Bill{Payer: payer, State: "settled"}, []string{}
	for _, row := range settlements {
		s := record.AsSettlement(row)
		named := false
		for _, l := range s.Lines() {
			share := l.ShareOf(payer)
			if share == 0 && (payer != price.PayerCustomer || len(l.Shares) > 0) {
				continue
			}
			line := document.Line{Text: works[l.Job], Fen: share}
			if len(l.Shares) < 2 {
				line.Fen = l.GrossFen()
				bill.DiscountFen += l.GrossFen() - share
			}
			bill.Lines, bill.TotalFen, named = append(bill.Lines, line), bill.TotalFen+share, true
		}
		if named {
			numbers = append(numbers, s.Number())
		}
		if named && s.State() != "settled" {
			bill.State = s.State()
		}
	}
	if len(bill.Lines) == 0 {
		return nil
	}
	bill.Number = strings.Join(numbers, ", ")
	return bill
}

// paid adds what the till says of the bill's payer. A credit is no money: it is shown and not counted.
func (g *gathering) paid(bill *document.Bill, payments []*core.Record) {
	for _, row := range payments {
		p := record.AsPayment(row).Facts()
		if p.Payer != bill.Payer {
			continue
		}
		if p.Kind == price.KindRefund {
			p.Fen = -p.Fen
		}
		if p.Kind != price.KindCredit {
			bill.PaidFen += p.Fen
		}
		bill.Payments = append(bill.Payments, document.Payment{Kind: p.Kind, Method: row.GetString(record.FieldMethod),
			At: g.local(record.Moment(row, record.FieldReceivedAt)), Fen: p.Fen})
	}
}
