package hooks_test

import (
	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// partsSamples is a well-formed new row of every collection of the parts store, beside a car in work.
func partsSamples(s *shop, car apptest.Service) map[string]map[string]any {
	part := s.Part(apptest.BrakePads, 10_000)
	tool := s.Make("parts", record.Tools, s.ToolData("T-01"))
	purchase := s.PurchaseData(part, car.Job, 1000)
	return map[string]map[string]any{
		record.Parts:          s.PartData("06J115403"),
		record.PurchaseOrders: purchase,
		record.GoodsReceipts:  s.ReceiptData(part, 1000),
		record.StockCounts:    s.CountData(part, 10_000, nil),
		record.StockMoves:     s.MoveData("adjust", part, 1000, map[string]any{record.FieldToPlace: record.PlaceStore, record.FieldReason: "多出一套"}),
		record.Reservations:   s.ReserveData(part, car.Job, 1000),
		record.CustomerParts: {record.FieldVisit: car.Visit.Id, record.FieldWorkOrder: car.Order.Id, record.FieldJob: car.Job.Id, record.FieldName: "行车记录仪",
			record.FieldQuantityMilli: 1000, record.FieldLabel: "KH-01", record.FieldState: "received"},
		record.Tools:     s.ToolData("T-02"),
		record.ToolLoans: s.LoanData(tool, "technician"),
	}
}
