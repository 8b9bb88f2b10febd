// The three checks of a finished order.
export default {
  zh: {
    title: "质检", waiting_n: "{n} 辆待检", empty: "没有待检的车", empty_text: "项目都做完的工单会出现在这里。", mine: "等我检查", others: "等别人检查", rework: "返工中", ready: "已通过", plus: " + ", list: "、", someone: "同事",
    your_stage: "请您做{stage}", waits_stage: "等{stage}", promised: "约定 {time}", round_n: "第 {n} 轮", rework_of: "第 {n} 次返工：{cause}", rework_n: "返工 {n} 次",
    stage_self: "自检", stage_leader: "班组长检查", stage_final: "终检", by_self: "做过这辆车的技师", by_leader: "班组长", by_final: "质检员或技术总监", stages: "三级检查", passed: "通过", failed: "不通过", due: "现在做", later: "之后", passed_by: "{name} {time} 通过",
    jobs: "项目", compare: "与接车时比对外观", compare_text: "接车时的标记和照片", compare_open: "看接车时的标记", history: "检查记录", round_stage: "第 {n} 轮 {stage}",
    ready_title: "检查全部通过", ready_text: "这辆车可以交车了。", not_in_check: "现在不在质检", not_in_check_text: "工单现在是“{state}”，做完后再来。", to_order: "看工单", to_list: "回到质检", gone: "这张工单不在本机", gone_text: "可能还没有同步到这台平板。",
    stage_later: "{stage}还没轮到", stage_later_text: "先要做完{before}。", not_yours: "{stage}不由您做", no_role: "由{by}检查。", no_not_own_work: "自检由做过这辆车的技师来做。", no_same_person: "这一轮您已经检查过，三级要由三个人。",
    item_jobs_done: "项目都做完", item_jobs_done_text: "逐项与工单核对", item_fasteners: "紧固件", item_fasteners_text: "扭矩、卡扣、护板", item_nothing_left_inside: "没有遗留", item_nothing_left_inside_text: "工具、抹布、旧件", item_road_test: "试车", item_road_test_text: "工单要求时必须试", item_outside_compared: "外观比对", item_outside_compared_text: "与接车时的标记一致，没有新伤", item_papers: "单据", item_papers_text: "签字、领料、工时齐全",
    ok: "合格", not_ok: "不合格", not_needed: "不要求", not_needed_note: "工单未要求", left_n: "还有 {n} 项没有回答：{item}", failed_jobs: "哪些项目要返工", cause: "原因", cause_hint: "机油滤清器处渗油", note: "备注", advice: "给客户的建议和注意事项", advice_hint: "交车时会读给客户听",
    fail_needs_job: "请选要返工的项目", fail_needs_cause: "请写明原因", fail_now: "不通过，{n} 项返工", pass_now: "通过", pass_final: "终检通过，可以交车",
  },
  en: {
    title: "Quality", waiting_n: "{n} to check", empty: "No car to check", empty_text: "Orders whose jobs are all done appear here.", mine: "Waiting for me", others: "Waiting for others", rework: "In rework", ready: "Passed", plus: " + ", list: ", ", someone: "a colleague",
    your_stage: "your {stage}", waits_stage: "waits for {stage}", promised: "promised {time}", round_n: "round {n}", rework_of: "rework {n}: {cause}", rework_n: "rework × {n}",
    stage_self: "Self-check", stage_leader: "Leader's check", stage_final: "Final check", by_self: "a technician who worked on the car", by_leader: "the team leader", by_final: "the inspector or technical expert", stages: "Three checks", passed: "passed", failed: "failed", due: "due now", later: "later", passed_by: "{name} passed it {time}",
    jobs: "Jobs", compare: "Compare the outside with reception", compare_text: "Marks and photos taken on arrival", compare_open: "See the marks of reception", history: "Checks made", round_stage: "Round {n}, {stage}",
    ready_title: "All checks passed", ready_text: "The car is ready for its owner.", not_in_check: "Not in quality check now", not_in_check_text: "The order is \"{state}\" now; come back when the work is done.", to_order: "See the order", to_list: "Back to quality", gone: "This order is not on this tablet", gone_text: "It may not have reached this tablet yet.",
    stage_later: "{stage} comes later", stage_later_text: "{before} comes first.", not_yours: "{stage} is not yours", no_role: "It is made by {by}.", no_not_own_work: "The self-check is made by a technician who worked on the car.", no_same_person: "You have already made a check in this round; the three need three people.",
    item_jobs_done: "Every job done", item_jobs_done_text: "compared with the order, job by job", item_fasteners: "Fasteners", item_fasteners_text: "torque, clips, covers", item_nothing_left_inside: "Nothing left inside", item_nothing_left_inside_text: "tools, rags, old parts", item_road_test: "Road test", item_road_test_text: "where the order asks for it", item_outside_compared: "Outside compared", item_outside_compared_text: "as on the reception sheet, nothing new", item_papers: "Papers", item_papers_text: "signatures, parts and times complete",
    ok: "Right", not_ok: "Not right", not_needed: "Not asked", not_needed_note: "not asked for in the order", left_n: "{n} not answered yet: {item}", failed_jobs: "Which jobs go to rework", cause: "Cause", cause_hint: "Oil seeps at the filter", note: "Note", advice: "Advice and cautions for the customer", advice_hint: "Read to the customer at delivery",
    fail_needs_job: "Choose the jobs for rework", fail_needs_cause: "Write the cause", fail_now: "Fail: {n} {n|job|jobs} to rework", pass_now: "Pass", pass_final: "Pass: the car is ready",
  },
};
