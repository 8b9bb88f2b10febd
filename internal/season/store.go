package season

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/record"
)

// part is one part as the season knows it: what lies there by what was played, what of it is frozen, what is on its way. Thousandths.
type part struct {
	supply
	id                   string
	level, held, ordered int64
}

type store struct {
	parts  map[string]*part
	counts int
}

// stockUp shelves the opening stock of a new shop.
func stockUp(app core.App, shop string) error {
	actor, err := as(shop, app, "parts")
	if err != nil {
		return err
	}
	for i, p := range supplies {
		row, err := record.Create(app, actor, record.Parts, values{"shop": shop, "number": p.number, "name": p.name, "class": p.class, "unit": p.unit, "grade": "genuine",
			"price_fen": p.price, "cost_fen": p.cost, "minimum_milli": p.minimum * 1000, "shelf": fmt.Sprintf("A-%02d", i+1), "barcode": p.number,
			"lead_days": p.days, "substitutes": []string{}, "active": true})
		if err != nil {
			return err
		}
		_, err = record.Create(app, actor, record.StockMoves, values{"shop": shop, "kind": "adjust", "part": row.Id, "quantity_milli": p.stock * 1000, "to_place": "store", "reason": "期初库存"})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Season) readStore() error {
	s.store = &store{parts: map[string]*part{}}
	for _, p := range supplies {
		row, err := s.app.FindFirstRecordByFilter(record.Parts, "shop = {:shop} && number = {:number}", dbx.Params{"shop": s.shop, "number": p.number})
		if err != nil {
			return fmt.Errorf("part %s: %w", p.number, err)
		}
		p.minimum = int64(row.GetInt(record.FieldMinimumMilli)) / 1000
		s.store.parts[p.number] = &part{supply: p, id: row.Id, level: int64(row.GetInt(record.FieldStoreMilli))}
	}
	return nil
}

// provide sees to the part of a job that was signed for: it is frozen, or ordered when there is not enough (P-02, B-06).
func (t *task) provide() {
	s, p := t.stay.s, t.part()
	if p == nil || t.held {
		return
	}
	if p.level-p.held >= t.milli {
		t.hold(s.by(t.stay.advisor))
		return
	}
	t.waiting = true
	s.report.Late++
	a := s.by(t.stay.advisor)
	order := a.create("purchase_orders", values{"part": p.id, "quantity_milli": t.milli, "cause": "shortage", "visit": t.stay.id, "work_order": t.stay.order, "job": t.id,
		"state": "proposed", "unit_fen": p.price, "expected_on": record.Text(s.now().AddDate(0, 0, p.days)), "supplier": "原厂配件中心"})
	a.do("part.ask")
	total := t.milli * p.price / 1000
	if t.payer == "customer" && (p.class == "C" || p.class == "D" || total >= 200000) {
		if s.tempted() {
			b := s.by(s.team.parts)
			b.patch("purchase_orders", order, values{"state": "ordered"})
			b.mustFail("part.order", "purchase.deposit_missing")
		}
		half := (total*50 + 99) / 100
		t.stay.pay("deposit", "customer", half, "")
		b := s.by(s.team.parts)
		b.patch("purchase_orders", order, values{"deposit_fen": half, "deposit_reference": s.number("SK")})
		b.do("part.deposit")
	}
	s.order(order, p, t.milli, t)
}

// hold freezes the part for the job.
func (t *task) hold(a *act) {
	p := t.part()
	t.reservation = a.create("reservations", values{"part": p.id, "quantity_milli": t.milli, "visit": t.stay.id, "work_order": t.stay.order, "job": t.id, "state": "held"})
	a.do("part.hold")
	p.held += t.milli
	t.held, t.waiting = true, false
}

// order sends a purchase order off; it comes when the supplier says, or later.
func (s *Season) order(order string, p *part, milli int64, forJob *task) {
	a := s.by(s.team.parts)
	a.patch("purchase_orders", order, values{"state": "ordered", "number": s.number("YC")})
	a.do("part.order")
	p.ordered += milli
	comes := s.now().Add(time.Duration(p.days)*20*time.Hour - s.between(0, 6*time.Hour))
	if forJob != nil && s.chance(50) { // from the next town
		comes = s.now().Add(s.between(time.Hour, 5*time.Hour))
	}
	if s.chance(25) { // late
		comes = comes.Add(s.between(4*time.Hour, 40*time.Hour))
	}
	s.at(s.open(comes), func() { s.spend(s.team.parts, 5*time.Minute, func() { s.receive(order, p, milli, forJob) }) })
}

// receive checks what came and puts it on the shelf (P-05).
func (s *Season) receive(order string, p *part, milli int64, forJob *task) {
	a := s.by(s.team.parts)
	receipt := a.create("goods_receipts", values{"part": p.id, "purchase_order": order, "template": s.receiving, "quantity_milli": milli, "state": "open", "supplier": "原厂配件中心"})
	a.do("goods.arrive")
	if s.tempted() {
		b := s.by(s.team.parts)
		b.create("stock_moves", values{"kind": "in", "part": p.id, "quantity_milli": milli, "to_place": "store", "goods_receipt": receipt})
		b.mustFail("goods.stock", "stock.unchecked")
	}
	b := s.by(s.team.parts)
	b.patch("goods_receipts", receipt, values{"state": "checked", "items": s.answers})
	b.create("stock_moves", values{"kind": "in", "part": p.id, "quantity_milli": milli, "to_place": "store", "goods_receipt": receipt, "unit_fen": p.cost})
	b.patch("purchase_orders", order, values{"state": "received"})
	b.do("goods.stock")
	p.level += milli
	p.ordered -= milli
	if forJob == nil || forJob.over() || p.level-p.held < forJob.milli {
		return
	}
	forJob.hold(s.by(s.team.parts))
	if forJob.state == "paused" {
		forJob.bench.add(forJob)
	}
}

// fetch is the counter: the technician signs, the part leaves the store for the job (W-04).
func (t *task) fetch() {
	s, p := t.stay.s, t.part()
	from := "store"
	if s.chance(20) { // by way of the workshop's own shelf
		from = "workshop"
		a := s.by(s.team.parts)
		a.create("stock_moves", values{"kind": "transfer", "part": p.id, "quantity_milli": t.milli, "from_place": "store", "to_place": from, "visit": t.stay.id, "work_order": t.stay.order, "job": t.id})
		a.do("part.transfer")
	}
	move := func(milli int64) values {
		return values{"kind": "out", "part": p.id, "quantity_milli": milli, "from_place": from, "visit": t.stay.id, "work_order": t.stay.order, "job": t.id,
			"signed_by": t.bench.person.ID, "strokes": strokes, "unit_fen": p.price}
	}
	if s.tempted() {
		a := s.by(s.team.parts)
		a.create("stock_moves", move(t.milli+1000))
		a.mustFail("part.issue", "stock.more_than_agreed")
	}
	a := s.by(s.team.parts)
	a.create("stock_moves", move(t.milli))
	a.patch("reservations", t.reservation, values{"state": "picked"})
	a.do("part.issue")
	p.level -= t.milli
	p.held -= t.milli
	t.fetched = true
	if s.chance(3) { // the wrong one out of the box: back, and again
		b := s.by(s.team.parts)
		b.create("stock_moves", values{"kind": "return", "part": p.id, "quantity_milli": t.milli, "to_place": from, "visit": t.stay.id, "work_order": t.stay.order, "job": t.id, "reason": "拿错了"})
		b.create("stock_moves", move(t.milli))
		b.do("part.change")
	}
}

// refill orders what runs low (P-03).
func (s *Season) refill() {
	for _, supply := range supplies {
		p := s.store.parts[supply.number]
		if p.level+p.ordered >= p.minimum*1000 || p.minimum == 0 {
			continue
		}
		milli := p.minimum * 2000
		a := s.by(s.team.parts)
		order := a.create("purchase_orders", values{"part": p.id, "quantity_milli": milli, "cause": "minimum", "state": "proposed", "unit_fen": p.price,
			"expected_on": record.Text(s.now().AddDate(0, 0, p.days)), "supplier": "原厂配件中心"})
		a.do("part.propose")
		s.order(order, p, milli, nil)
	}
}

// Restock takes in so much of every part that runs low that what is on the shelves is what a shop begins its week with.
func (s *Season) Restock() error {
	for _, supply := range supplies {
		p := s.store.parts[supply.number]
		milli := max(2*p.minimum*1000, 2000) - (p.level - p.held)
		if p.class == "C" || milli <= 0 {
			continue
		}
		err := s.take(event{do: func() {
			a := s.by(s.team.parts)
			order := a.create("purchase_orders", values{"part": p.id, "quantity_milli": milli, "cause": "minimum", "state": "proposed", "unit_fen": p.price,
				"expected_on": s.text(), "supplier": "原厂配件中心"})
			a.patch("purchase_orders", order, values{"state": "ordered"})
			a.do("part.order")
			p.ordered += milli
			s.receive(order, p, milli, nil)
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// countShelf counts a shelf, and sometimes one piece is missing (P-01).
func (s *Season) countShelf() {
	p := s.store.parts[supplies[s.store.counts%len(supplies)].number]
	s.store.counts++
	counted := p.level
	if p.level-p.held >= 1000 && s.chance(50) {
		counted -= 1000
	}
	a := s.by(s.team.parts)
	sheet := a.create("stock_counts", values{"title": "周盘点 " + p.name, "place": "store", "state": "open",
		"lines": []values{{"part": p.id, "book_milli": p.level, "counted_milli": counted}}})
	a.patch("stock_counts", sheet, values{"state": "counted"})
	a.do("count.submit")
	b := s.by(s.team.warehouse)
	b.patch("stock_counts", sheet, values{"state": "approved"})
	if counted != p.level {
		b.create("stock_moves", values{"kind": "count", "part": p.id, "quantity_milli": p.level - counted, "from_place": "store", "stock_count": sheet})
	}
	b.do("count.approve")
	p.level = counted
}
