// Package scope says which rows a user's devices may see, and knows the devices: whose each one is, its letter, its
// credential, and how far it has heard. It promises that a device never serves two users and that a revoked one is
// turned away at every door. It reads rows; the only rows it writes are devices.
package scope

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/flow"
	"aftercare/internal/record"
)

// Scope is the rows one user may see. Two users with an equal scope get the same changes.
type Scope struct {
	Shop     string // staff: every row of the shop; "" for all shops
	Customer string // a customer: what is theirs
}

// Of is the scope of an actor: staff see their shop, head office every shop, a customer their own rows.
func Of(a record.Actor) Scope {
	switch {
	case a.Kind == record.KindCustomer:
		return Scope{Shop: a.Shop, Customer: a.ID}
	case a.AllShops():
		return Scope{}
	}
	return Scope{Shop: a.Shop}
}

// Mark is the scope as a cursor carries it: equal for equal scopes.
func (s Scope) Mark() [4]byte {
	sum := sha256.Sum256([]byte("scope 1|" + s.Shop + "|" + s.Customer))
	return [4]byte(sum[:4])
}

// Owner is the change log's column and value that select this scope's entries.
func (s Scope) Owner() (column, value string) {
	switch {
	case s.Customer != "":
		return "customer", s.Customer
	case s.Shop != "":
		return "shop", s.Shop
	}
	return "", ""
}

// shownToCustomers are the collections a customer sees rows of: their file, their cars, what was agreed, and what they were told.
var shownToCustomers = []string{
	record.Customers, record.Vehicles, record.Visits, record.Concerns, record.Inspections, record.Findings,
	record.DamageMarks, record.Photos, record.Belongings, record.WorkOrders, record.Jobs, record.Consents,
	record.Claims, record.ClaimItems, record.Shipments, record.RepairPlans, record.Refunds, record.Messages,
}

// Sees reports whether rows of the collection are shown at all. A scope knows no roles, so what only a shop's managers
// may read (corrections, with their reasons) goes to no device of the shop; they read it by the API.
func (s Scope) Sees(collection string) bool {
	switch {
	case s.Customer != "":
		return slices.Contains(shownToCustomers, collection)
	case s.Shop != "" && collection == record.Corrections:
		return false
	}
	return flow.Table().ByCollection(collection) != nil
}

// Collections in the order of a snapshot: what other rows point to comes first.
var Collections = []string{
	record.Shops, record.Staff, record.Policies, record.Templates, record.Devices, record.SealKeys, record.Customers, record.Vehicles,
	record.Capacities, record.StandardTimes, record.Appointments, record.Preparations,
	record.Visits, record.Concerns, record.Inspections, record.Findings, record.DamageMarks, record.Photos,
	record.Belongings, record.KeyTags, record.WorkOrders, record.Jobs, record.CustomerLinks, record.Consents, record.TimeEntries,
	record.Messages, record.DueItems, record.QualityChecks, record.Settlements, record.Payments, record.Invoices,
	record.Deliveries, record.GatePasses, record.GateUses,
	record.Parts, record.PurchaseOrders, record.GoodsReceipts, record.StockCounts, record.StockMoves, record.Reservations,
	record.CustomerParts, record.Tools, record.ToolLoans, record.Conflicts, record.Corrections,
	record.QualityReports, record.FaultCases, record.WarrantyClaims,
	record.Assets, record.Merges,
	record.Holidays,
	record.SalesOrders, record.SalesItems,
	record.Claims, record.ClaimItems, record.Shipments, record.RepairPlans, record.Refunds,
	record.MakeupParts,
}

// Where is the SQL condition that selects the scope's rows of a collection, "" for all of them.
func (s Scope) Where(collection string) (where string, params dbx.Params) {
	switch {
	case s.Customer != "":
		return customerWhere(collection), dbx.Params{"customer": s.Customer}
	case s.Shop == "":
		return "", nil
	case collection == record.Shops:
		return "[id] = {:shop}", dbx.Params{"shop": s.Shop}
	}
	return "[shop] = {:shop}", dbx.Params{"shop": s.Shop}
}

func customerWhere(collection string) string {
	switch collection {
	case record.Customers:
		return "[id] = {:customer}"
	case record.Vehicles, record.Visits, record.Claims, record.ClaimItems, record.Shipments, record.RepairPlans, record.Refunds, record.Messages:
		return "[customer] = {:customer}"
	case record.Photos:
		return ofVisits + " OR [subject_collection] = 'claims' AND [subject_record] IN (SELECT [id] FROM [claims] WHERE [customer] = {:customer})"
	}
	return ofVisits
}

// ofVisits selects what was written during the customer's visits.
const ofVisits = "[visit] IN (SELECT [id] FROM [visits] WHERE [customer] = {:customer})"

// Holds reports whether the row is in this scope.
func (s Scope) Holds(app core.App, row *core.Record) (bool, error) {
	name := row.Collection().Name
	if !s.Sees(name) {
		return false, nil
	}
	where, params := s.Where(name)
	if where == "" {
		return true, nil
	}
	if s.Customer == "" && name != record.Shops {
		return row.GetString(record.FieldShop) == s.Shop, nil
	}
	bound := dbx.Params{"row": row.Id}
	for key, value := range params {
		bound[key] = value
	}
	var one int
	err := app.DB().NewQuery("SELECT 1 FROM [" + name + "] WHERE [id] = {:row} AND (" + where + ")").Bind(bound).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
