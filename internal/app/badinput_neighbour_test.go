package app_test

import (
	"github.com/pocketbase/pocketbase/core"

	"aftercare/internal/apptest"
	"aftercare/internal/record"
)

// settle gives the neighbour a row in every collection, so that there is something to be kept from us everywhere.
func (s *site) settle() {
	s.t.Helper()
	day := s.Day(apptest.HZ)
	paid, settlement := day.Paid()
	pass := day.Pass(paid.Visit)
	day.Make("guard", record.GateUses, day.UseData(pass))
	day.Make("advisor", record.Deliveries, day.DeliveryData(paid.Visit))
	day.Make("cashier", record.Invoices, map[string]any{record.FieldVisit: paid.Visit.Id, record.FieldWorkOrder: paid.Order.Id, record.FieldSettlement: settlement.Id,
		record.FieldKind: "invoice", record.FieldPayer: "customer", record.FieldNumber: "1", record.FieldTitle: "钱塘潮", record.FieldFen: 1, record.FieldIssuedAt: day.Now()})
	checked := day.OrderInQuality()
	s.theirs = day.JobInProgress()
	visit := s.theirs.Visit
	vehicle := record.AsVisit(visit).Vehicle()
	inspection, err := s.App.FindFirstRecordByData(record.Inspections, record.FieldVisit, visit.Id)
	if err != nil {
		s.t.Fatal(err)
	}
	of := map[string]map[string]any{
		record.DamageMarks: {record.FieldInspection: inspection.Id, record.FieldVehicle: vehicle, record.FieldVisit: visit.Id,
			record.FieldView: "left", record.FieldX: 0.5, record.FieldY: 0.5},
		record.Belongings: {record.FieldVisit: visit.Id, record.FieldKind: "item", record.FieldName: "雨伞"},
		record.Photos: {record.FieldVisit: visit.Id, record.FieldSubjectCollection: record.Visits, record.FieldSubjectRecord: visit.Id,
			record.FieldSHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		record.Conflicts: {record.FieldCollection: record.Vehicles, record.FieldRecord: vehicle, record.FieldField: "note",
			record.FieldMerge: "last", record.FieldState: "open"},
		record.Corrections: {record.FieldCollection: record.Vehicles, record.FieldRecord: vehicle,
			record.FieldFields: map[string]any{"vin": "x"}, record.FieldReason: "错"},
		record.Messages: {record.FieldVisit: visit.Id, record.FieldKey: "hello", record.FieldKind: "other", record.FieldChannel: "sms",
			record.FieldTo: "13957100000", record.FieldLang: "zh", record.FieldText: "钱塘潮您好", record.FieldState: "queued"},
		record.DueItems: {record.FieldVisit: visit.Id, record.FieldKey: "call", record.FieldKind: "delay", record.FieldRole: "advisor", record.FieldDueAt: day.Now()},
	}
	for collection, data := range of {
		day.Make("system", collection, data)
	}
	s.settleStore(day)
	s.settleBook(day)
	s.settleLearned(day, checked.Visit)
	s.settleFiles(day)
	s.settleSales(day)
	day.Make("technician", record.QualityChecks, day.CheckData(checked.Order, "self"))
	s.Device(apptest.HZ, "advisor").Push()
	day.Do("advisor", s.find(record.Customers, record.AsVisit(visit).Customer()),
		map[string]any{record.FieldName: "钱塘潮", record.FieldPhone: "13957100000", record.FieldAddress: "西湖边"})
}

// settleStore gives the neighbour a parts store that has seen something of everything.
func (s *site) settleStore(day *apptest.Day) {
	s.t.Helper()
	visit, order, job := s.theirs.Visit, s.theirs.Order, s.theirs.Job
	part := day.Part(apptest.BrakePads, 10_000)
	tool := day.Make("parts", record.Tools, day.ToolData("T-01"))
	for _, row := range []struct {
		collection string
		data       map[string]any
	}{
		{record.Reservations, day.ReserveData(part, job, 1000)},
		{record.PurchaseOrders, day.PurchaseData(part, job, 1000)},
		{record.GoodsReceipts, day.ReceiptData(part, 1000)},
		{record.StockCounts, day.CountData(part, 10_000, nil)},
		{record.CustomerParts, map[string]any{record.FieldVisit: visit.Id, record.FieldWorkOrder: order.Id, record.FieldJob: job.Id,
			record.FieldName: "行车记录仪", record.FieldQuantityMilli: 1000, record.FieldLabel: "KH-01", record.FieldState: "received"}},
		{record.ToolLoans, day.LoanData(tool, "technician")},
	} {
		day.Make("parts", row.collection, row.data)
	}
}

// settleLearned gives the neighbour a report, a case of its fault library, and a claim on the manufacturer.
func (s *site) settleLearned(day *apptest.Day, visit *core.Record) {
	s.t.Helper()
	report := day.Make("technician", record.QualityReports, map[string]any{record.FieldVisit: visit.Id, record.FieldKind: "new", record.FieldFault: "转向异响", record.FieldState: "draft"})
	day.Make("expert", record.FaultCases, map[string]any{record.FieldReport: report.Id, record.FieldSymptom: "转向异响", record.FieldCause: "转向机间隙", record.FieldRemedy: "更换转向机"})
	day.Make("advisor", record.WarrantyClaims, day.ClaimData(day.WarrantyJob()))
}

// settleFiles gives the neighbour a device's file, and a car that has two files.
func (s *site) settleFiles(day *apptest.Day) {
	s.t.Helper()
	day.Make("advisor", record.Assets, map[string]any{record.FieldKind: "device", record.FieldBrand: "海尔", record.FieldSerial: "SN-7788"})
	twin := day.Make("advisor", record.Vehicles, map[string]any{record.FieldPlate: "浙A99999"})
	day.Make("advisor", record.Merges, map[string]any{record.FieldCollection: record.Vehicles, record.FieldKept: record.AsVisit(s.theirs.Visit).Vehicle(),
		record.FieldFolded: twin.Id, record.FieldReason: "VIN 相同"})
}

// settleSales gives the neighbour an order from outside.
func (s *site) settleSales(day *apptest.Day) {
	s.t.Helper()
	order := day.Make("manager", record.SalesOrders, day.SaleData("HZ-1"))
	day.Make("manager", record.SalesItems, day.SaleLineData(order, 1, 2, 9900, 0))
	claim := day.ClaimAccepted("return", nil)
	day.Step("finance", claim, "refund_pending")
	day.Make("finance", record.Refunds, day.RefundData(claim))
	repair, _ := day.ClaimFiled("repair", nil)
	day.Make("technician", record.RepairPlans, day.PlanData(repair))
	day.MakeupRequested(nil)
}

// settleBook gives the neighbour appointments, and an order whose customer was sent a link.
func (s *site) settleBook(day *apptest.Day) {
	s.t.Helper()
	day.Make("manager", record.StandardTimes, map[string]any{record.FieldCode: "BR-01", record.FieldName: "更换前刹车片", record.FieldSystem: "brake",
		record.FieldJobClass: "mechanical", record.FieldMinutes: 60})
	day.Make("manager", record.Holidays, map[string]any{record.FieldRevision: 1, record.FieldYear: 2027, record.FieldSource: "国务院办公厅通知",
		record.FieldDaysOff: []any{map[string]any{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}}, record.FieldActive: true})
	day.Make("advisor", record.Preparations, map[string]any{record.FieldAppointment: day.Appointment().Id, record.FieldKind: "parts", record.FieldNeed: "前刹车片"})
	day.Make("system", record.CustomerLinks, map[string]any{record.FieldVisit: s.theirs.Visit.Id, record.FieldWorkOrder: s.theirs.Order.Id, record.FieldState: "sent",
		record.FieldDocumentKind: "supplement", record.FieldDocument: map[string]any{"kind": "supplement"}, record.FieldSHA256: "x", record.FieldLang: "zh",
		record.FieldSentBy: day.ID("advisor"), record.FieldExpiresAt: day.Now()})
}

// neighbours lists the ids of all that the neighbour owns, by collection.
func (s *site) neighbours() map[string][]string {
	s.t.Helper()
	ids := map[string][]string{record.Shops: {apptest.HZ}}
	for _, collection := range collections() {
		rows, err := s.App.FindAllRecords(collection)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, row := range rows {
			if collection != record.Shops && row.GetString(record.FieldShop) == apptest.HZ {
				ids[collection] = append(ids[collection], row.Id)
			}
		}
		if len(ids[collection]) == 0 {
			s.t.Fatalf("the neighbour has no %s", collection)
		}
	}
	return ids
}
