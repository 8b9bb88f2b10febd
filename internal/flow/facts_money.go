package flow

import "aftercare/internal/price"

// MoneyFacts is what the guards of settling and leaving look at: all of the visit, each oldest first, the row being
// saved in its new form once it is stored.
type MoneyFacts struct {
	Settlements []Settlement `json:"settlements"`
	Payments    []Payment    `json:"payments"`
	Invoices    []Invoice    `json:"invoices"`
	Passes      []GatePass   `json:"passes"`
	Uses        []GateUse    `json:"uses"`
}

// MoneyPolicy is the shop's figures for settling; figures.json says what each means.
type MoneyPolicy struct {
	// D-06: what a role may give away of what the customer pays.
	DiscountAdvisor    int64 `json:"discount_advisor_percent"`
	DiscountCashier    int64 `json:"discount_cashier_percent"`
	DiscountSupervisor int64 `json:"discount_supervisor_percent"`
	DiscountManager    int64 `json:"discount_manager_percent"`

	// D-06: what a member level takes off.
	SilverLabour   int64 `json:"member_silver_labour_percent"`
	SilverParts    int64 `json:"member_silver_parts_percent"`
	GoldLabour     int64 `json:"member_gold_labour_percent"`
	GoldParts      int64 `json:"member_gold_parts_percent"`
	PlatinumLabour int64 `json:"member_platinum_labour_percent"`
	PlatinumParts  int64 `json:"member_platinum_parts_percent"`

	// D-07: payers who always pay on account, without a word each time.
	CreditWarranty bool `json:"credit_warranty"`
	CreditInternal bool `json:"credit_internal"`
	CreditGoodwill bool `json:"credit_goodwill"`

	CreditLimitFen int64 `json:"credit_limit_fen"` // D-07
	CreditDays     int   `json:"credit_days"`      // D-09
	PassHours      int   `json:"pass_hours"`       // D-07
	PointsPerYuan  int64 `json:"points_per_yuan"`  // D-06
}

// onAccount says whether the payer pays on account anyway.
func (p MoneyPolicy) onAccount(payer string) bool {
	switch payer {
	case price.PayerWarranty:
		return p.CreditWarranty
	case price.PayerInternal:
		return p.CreditInternal
	case price.PayerGoodwill:
		return p.CreditGoodwill
	}
	return false
}

// memberPercent is what a member level takes off labour and parts, in percent.
func (p MoneyPolicy) memberPercent(level string) (labour, parts int64) {
	switch LevelRank(level) {
	case 2:
		return p.SilverLabour, p.SilverParts
	case 3:
		return p.GoldLabour, p.GoldParts
	case 4:
		return p.PlatinumLabour, p.PlatinumParts
	}
	return 0, 0
}

// Settlement is a row of settlements 结算单. Signed says that somebody signed it.
type Settlement struct {
	ID                 string         `json:"id"`
	WorkOrder          string         `json:"work_order"`
	Number             string         `json:"number"`
	Kind               string         `json:"kind"`
	State              string         `json:"state"`
	Lines              []price.Charge `json:"lines"`
	DiscountAllowedFen int64          `json:"discount_allowed_fen"`
	MemberLevel        string         `json:"member_level"`
}

// Payment is a line of the ledger of payments.
type Payment struct {
	ID        string `json:"id"`
	WorkOrder string `json:"work_order"`
	Kind      string `json:"kind"`
	Payer     string `json:"payer"`
	Fen       int64  `json:"fen"`
}

// Invoice is a row of invoices 发票, or a credit note 红字发票.
type Invoice struct {
	ID         string `json:"id"`
	Settlement string `json:"settlement"`
	Kind       string `json:"kind"`
	Payer      string `json:"payer"`
	Fen        int64  `json:"fen"`
}

// GatePass is a row of gate_passes 出厂放行条.
type GatePass struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	State  string `json:"state"`
}

// GateUse is a row of gate_uses: a pass was shown and the barrier opened.
type GateUse struct {
	ID   string `json:"id"`
	Pass string `json:"pass"`
}
