// Command claims fills a shop that stands still with so many open claims more, for the bench: copies of those it has, each
// with an order, goods, parcels, plan and due items of its own, each a minute older than the one before. Rules are not asked:
// what is copied has passed them. The server must not run.
//
//	claims -n 10000 pb_data/data.db
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// open is which claims are copied.
const open = "SELECT id FROM claims WHERE closed_at = ''"

// kin are the rows of a claim: which of them are copied, and what of a row is another in a copy. Of a text {x} stands for the
// same text in the copy's own form, of the number n; ids keep their length.
var kin = []struct {
	table, which string
	own          map[string]string
}{
	{"sales_orders", "id IN (SELECT sales_order FROM claims WHERE id IN (" + open + "))", map[string]string{"external_id": counted, "number": counted}},
	{"sales_items", "sales_order IN (SELECT sales_order FROM claims WHERE id IN (" + open + "))", map[string]string{"sales_order": id}},
	{"claim_items", "claim IN (" + open + ")", map[string]string{"claim": id, "sales_item": id}},
	{"shipments", "claim IN (" + open + ")", map[string]string{"claim": id}},
	{"repair_plans", "claim IN (" + open + ")", map[string]string{"claim": id}},
	{"due_items", "subject_record IN (" + open + ")", map[string]string{"subject_record": id, "key": "replace({x}, r.[[subject_record]], " + strings.ReplaceAll(id, "{x}", "r.[[subject_record]]") + ")", "due_at": later}},
	{"claims", "id IN (" + open + ")", map[string]string{"sales_order": id, "number": counted, "filed_at": earlier, "ship_back_due_at": later, "answer_due_at": later}},
}

const (
	id      = "CASE {x} WHEN '' THEN '' ELSE substr({x}, 1, 10) || printf('%05d', s.n) END"
	counted = "{x} || '-' || s.n"
	earlier = "CASE {x} WHEN '' THEN '' ELSE strftime('%Y-%m-%d %H:%M:%fZ', {x}, '-' || s.n || ' minutes') END"
	later   = "CASE {x} WHEN '' THEN '' ELSE strftime('%Y-%m-%d %H:%M:%fZ', {x}, '+' || s.n || ' minutes') END"
)

func main() {
	more := flag.Int("n", 10_000, "how many open claims more, at the least")
	flag.Parse()
	if err := fill(flag.Arg(0), *more); err != nil {
		log.Fatal(err)
	}
}

func fill(path string, more int) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := core.DefaultDBConnect(path)
	if err != nil {
		return err
	}
	defer db.Close()
	var present int
	if err := db.NewQuery("SELECT count(*) FROM claims WHERE id IN (" + open + ")").Row(&present); err != nil {
		return err
	}
	if present == 0 {
		return errors.New("there is no open claim to copy")
	}
	times := (more + present - 1) / present
	return db.Transactional(func(tx *dbx.Tx) error {
		for _, k := range kin { // the claims last: the others ask which of them there were
			if err := copies(tx, k.table, k.which, k.own, times); err != nil {
				return fmt.Errorf("%s: %w", k.table, err)
			}
		}
		return nil
	})
}

// copies inserts each of the rows so many times more.
func copies(tx *dbx.Tx, table, which string, own map[string]string, times int) error {
	columns := []string{}
	if err := tx.NewQuery("SELECT name FROM pragma_table_info({:table})").Bind(dbx.Params{"table": table}).Column(&columns); err != nil {
		return err
	}
	names, values := make([]string, len(columns)), make([]string, len(columns))
	for i, name := range columns {
		names[i], values[i] = "[["+name+"]]", "{x}"
		if name == "id" {
			values[i] = id
		} else if expression, changes := own[name]; changes {
			values[i] = expression
		}
		values[i] = strings.ReplaceAll(values[i], "{x}", "r.[["+name+"]]")
	}
	_, err := tx.NewQuery(fmt.Sprintf("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %d) INSERT INTO [[%s]] (%s) SELECT %s FROM [[%s]] r, s WHERE r.%s",
		times, table, strings.Join(names, ", "), strings.Join(values, ", "), table, which)).Execute()
	return err
}
