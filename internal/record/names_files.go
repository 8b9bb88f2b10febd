package record

// Collections of files that are no vehicles, and of merges between files (V-05, V-07).
const (
	Assets = "assets"
	Merges = "merges"
)

// Their fields, and those that vehicles and customers have from them.
const (
	FieldStatus           = "status"
	FieldStatusOn         = "status_on"
	FieldStatusNote       = "status_note"
	FieldFolded           = "folded"
	FieldBrand            = "brand"
	FieldSerial           = "serial"
	FieldConfiguration    = "configuration"
	FieldOrderNumber      = "order_number"
	FieldBatchNumber      = "batch_number"
	FieldInspectionNumber = "inspection_number"
	FieldWarrantyUntil    = "warranty_until"
	FieldAsset            = "asset"
	FieldAdviceNone       = "advice_none" // a passed order has nothing to advise and nothing to warn of
)
