package hooks

import (
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// needStock is what the parts store knows around a row of its own.
const needStock need = 1 << 20

func init() {
	maps.Copy(needs, map[string]need{
		"move_places":          0,
		"move_reason":          needStock,
		"move_on_order":        needStock | needJob,
		"move_consent_covers":  needJob | needConsents,
		"move_job_open":        needJob | needOrder | needVisit,
		"move_signed":          0,
		"move_received":        needStock,
		"move_counted":         needStock,
		"stock_enough":         needStock,
		"reserve_on_order":     needStock | needJob | needOrder | needVisit,
		"reserve_enough":       needStock,
		"order_dated":          0,
		"deposit_paid":         needPolicy | needStock | needJob,
		"order_arrived":        needStock,
		"cancel_explained":     0,
		"receipt_checked":      needStock,
		"damage_shown":         needStock,
		"damage_to_return":     0,
		"count_complete":       0,
		"count_other_person":   0,
		"customer_part_covers": needJob | needConsents,
		"customer_part_signed": 0,
		"tool_free":            needStock,
		"loss_explained":       0,
	})
}

// loadStock is what the guards of the parts store look at, as it stands in this transaction: the levels that a move
// meets are those the moves before it have left (P-01).
func (s *save) loadStock(f *flow.Facts) error {
	f.Stock = &flow.Stock{}
	switch s.entity.Collection {
	case record.ToolLoans:
		return s.loadLoans(f.Stock)
	case record.GoodsReceipts:
		return s.loadReceiving(f.Stock)
	}
	part, err := s.app.FindRecordById(record.Parts, s.rec.GetString(record.FieldPart))
	if err != nil {
		return err
	}
	f.Stock.Part = record.AsPart(part).Facts()
	if s.entity.Collection == record.PurchaseOrders {
		f.Stock.ArrivedMilli = record.AsPurchaseOrder(s.rec).ReceivedMilli()
		return s.loadDeposits(f)
	}
	if err := s.loadFrozen(f.Stock, record.AsPart(part)); err != nil {
		return err
	}
	if s.entity.Collection != record.StockMoves {
		return nil
	}
	for _, load := range []func(*flow.Stock) error{s.loadTaken, s.loadReceipt, s.loadCount, s.loadPhotos} {
		if err := load(f.Stock); err != nil {
			return err
		}
	}
	return nil
}

// loadFrozen is what is held of the part, for this row's job or appointment and for others (P-02). A job's hold never
// counts for more than its list still lacks, and not at all once nothing is fetched for it any more.
func (s *save) loadFrozen(stock *flow.Stock, part *record.Part) error {
	job := s.rec.GetString(record.FieldJob)
	issued, err := s.issued(part.Id)
	if err != nil {
		return err
	}
	stock.IssuedMilli = issued[job]
	held, err := s.held(part.Id)
	if err != nil {
		return err
	}
	for _, h := range held {
		frozen := h.QuantityMilli
		if h.Job != "" {
			row, err := s.app.FindRecordById(record.Jobs, h.Job)
			if err != nil {
				return err
			}
			frozen = flow.FrozenMilli(record.AsJob(row).Facts(), part.Number(), h.QuantityMilli, issued[h.Job])
		}
		stock.FrozenMilli += frozen
		switch {
		case h.Job == job && h.Appointment == s.rec.GetString(record.FieldAppointment):
			stock.OwnMilli += frozen
		case frozen > 0 && stock.FrozenFor == "":
			stock.FrozenFor = h.Number
		}
	}
	return nil
}

// hold is all that is held of a part for one job or appointment.
type hold struct {
	Job           string `db:"job"`
	Appointment   string `db:"appointment"`
	QuantityMilli int64  `db:"quantity"`
	Number        string `db:"number"`
}

func (s *save) held(part string) (held []hold, err error) {
	err = s.app.DB().NewQuery(`SELECT r.[[job]], r.[[appointment]], SUM(r.[[quantity_milli]]) AS quantity, COALESCE(MAX(o.[[number]]), '') AS number
		FROM {{reservations}} r LEFT JOIN {{work_orders}} o ON o.[[id]] = r.[[work_order]]
		WHERE r.[[part]] = {:part} AND r.[[state]] = 'held' AND r.[[id]] != {:own} GROUP BY r.[[job]], r.[[appointment]] ORDER BY MIN(r.[[created]]), MIN(r.[[id]])`).
		Bind(dbx.Params{"part": part, "own": s.rec.Id}).All(&held)
	return held, err
}

// issued is how much of the part the row's job and those that wait for it were given, less what came back. It reads by job: a part has
// years of moves, a job a few.
func (s *save) issued(part string) (map[string]int64, error) {
	var rows []struct {
		Job   string `db:"job"`
		Milli int64  `db:"milli"`
	}
	err := s.app.DB().NewQuery(`SELECT [[job]], SUM(CASE [[kind]] WHEN 'out' THEN [[quantity_milli]] ELSE -[[quantity_milli]] END) AS milli
		FROM {{stock_moves}} WHERE [[job]] IN (SELECT {:job} UNION SELECT [[job]] FROM {{reservations}} WHERE [[part]] = {:part} AND [[state]] = 'held')
		AND [[part]] = {:part} AND [[kind]] IN ('out', 'return') AND [[job]] != '' GROUP BY [[job]]`).
		Bind(dbx.Params{"part": part, "job": s.rec.GetString(record.FieldJob)}).All(&rows)
	issued := map[string]int64{}
	for _, row := range rows {
		issued[row.Job] = row.Milli
	}
	return issued, err
}

// loadTaken finds who took of the part last, when there is too little: that is whom the person at the counter asks.
func (s *save) loadTaken(stock *flow.Stock) error {
	move := record.AsStockMove(s.rec)
	place := move.FromPlace()
	if place == "" || move.QuantityMilli() <= map[string]int64{record.PlaceStore: stock.Part.StoreMilli, record.PlaceWorkshop: stock.Part.WorkshopMilli}[place] {
		return nil
	}
	var last struct {
		By    string `db:"by"`
		Order string `db:"order"`
	}
	err := s.app.DB().NewQuery(`SELECT COALESCE(p.[[name]], '') AS [[by]], COALESCE(NULLIF(o.[[number]], ''), NULLIF(m.[[buyer]], ''), NULLIF(m.[[reason]], ''), '—') AS [[order]] FROM {{stock_moves}} m
		LEFT JOIN {{staff}} p ON p.[[id]] = COALESCE(NULLIF(m.[[signed_by]], ''), m.[[created_by]]) LEFT JOIN {{work_orders}} o ON o.[[id]] = m.[[work_order]]
		WHERE m.[[part]] = {:part} AND m.[[from_place]] != '' AND m.[[to_place]] = '' ORDER BY m.[[created]] DESC, m.[[rowid]] DESC LIMIT 1`).
		Bind(dbx.Params{"part": move.Part()}).One(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	stock.LastTaken = &flow.Taken{By: last.By, Order: last.Order}
	return err
}

func (s *save) loadReceipt(stock *flow.Stock) error {
	rec, err := s.one(record.GoodsReceipts, record.AsStockMove(s.rec).GoodsReceipt())
	if rec != nil {
		stock.Receipt = record.AsGoodsReceipt(rec).Facts()
	}
	return err
}

func (s *save) loadCount(stock *flow.Stock) error {
	id := record.AsStockMove(s.rec).StockCount()
	rec, err := s.one(record.StockCounts, id)
	if rec == nil || err != nil {
		return err
	}
	stock.Count = record.AsStockCount(rec).Facts()
	booked, err := s.all(record.StockMoves, dbx.HashExp{record.FieldStockCount: id})
	for _, row := range booked {
		if row.Id != s.rec.Id {
			stock.Count.Booked = append(stock.Count.Booked, record.AsStockMove(row).Part())
		}
	}
	return err
}

// loadPhotos counts the photos of the row itself; they may come in the same mutation, before it.
func (s *save) loadPhotos(stock *flow.Stock) error {
	n, err := s.app.CountRecords(record.Photos, dbx.HashExp{record.FieldSubjectCollection: s.entity.Collection, record.FieldSubjectRecord: s.rec.Id},
		dbx.Not(dbx.HashExp{record.FieldState: "refused"}))
	stock.Photos = int(n)
	return err
}

// loadReceiving is the list a delivery is checked by, of the revision its receipt was made with.
func (s *save) loadReceiving(stock *flow.Stock) error {
	template, err := s.app.FindRecordById(record.Templates, record.AsGoodsReceipt(s.rec).Template())
	if err != nil {
		return err
	}
	stock.Items = record.AsTemplate(template).Required()
	return s.loadPhotos(stock)
}

func (s *save) loadLoans(stock *flow.Stock) error {
	loan := record.AsToolLoan(s.rec)
	tool, err := s.app.FindRecordById(record.Tools, loan.Tool())
	if err != nil {
		return err
	}
	stock.ToolName = tool.GetString(record.FieldName)
	rows, err := s.all(record.ToolLoans, dbx.HashExp{record.FieldTool: loan.Tool(), record.FieldState: "lent"})
	for _, row := range slices.DeleteFunc(rows, func(r *core.Record) bool { return r.Id == s.rec.Id }) {
		name := ""
		if borrower, err := s.app.FindRecordById(record.Staff, record.AsToolLoan(row).Borrower()); err == nil {
			name = record.AsMember(borrower).Name()
		}
		stock.Loans = append(stock.Loans, flow.Loan{ID: row.Id, Borrower: name})
	}
	return err
}
