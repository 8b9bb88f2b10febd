// The workshop's board and the dispatch of jobs.
export default {
  zh: {
    title: "车间看板", summary: "概况", stages: "工序", empty: "车间里没有车", empty_text: "接待开了工单，车就出现在这里。",
    stage_sign: "待签字", stage_dispatch: "待开工", stage_work: "维修中", stage_wait: "等待", stage_quality: "质检", stage_ready: "可交车",
    sum_late: "已迟", sum_soon: "将迟", sum_waiting: "等待中", sum_on_time: "准时", live: "实时", not_live: "离线", wall_on: "上墙显示", wall_off: "退出上墙显示",
    late: "迟 {span}", left: "余 {span}", on_time: "准时", open: "未约定", ready: "已好", lounge: "休息室", more_n: "另有 {n} 辆",
    used: "已用 {percent}%，请报进度", used_over: "已用 {percent}%，超过计划", rework_n: "返工 {n} 次：{work}", reworked: "返工过", follows: "{name} 跟进", jobs_n: "{n} 个项目", unassigned: "未派", planned: "计划 {planned}", bay_n: "工位 {bay}", unsigned_n: "{n} 项待签",
    wait_signature: "等客户签字", wait_part: "等件", wait_customer: "等客户", wait_bay: "等工位", wait_quality: "等质检", wait_other: "等待", waiting_signature: "等签字", waiting_part: "等件", waiting_customer: "等客户", waiting_bay: "等工位", waiting_quality: "等质检", waiting_other: "等待",
    plus: " + ", list: "、",
    teams: "班组", teams_text: "多班组的店写上各人的班组，看板和派工按班组分开；只有一个班组就都空着。", team_of: "{name} 的班组", no_team: "未分组", all_teams: "全部班组", teams_open: "谁在哪个班组；看板和派工按它分开",
    dispatch: "派工", redispatch: "改派", dispatch_title: "派工", dispatch_to: "派给 {names}", redispatch_to: "改派给 {names}", which_jobs: "哪几项", skill: "需要的技能等级", skill_hint: "0 = 谁都可以；至少一位技师要达到", hands: "技师（可多选）", bay: "工位", bay_hint: "例如 3",
    level: "{n} 级", open_jobs: "手上 {n} 项", free: "空闲", runs: "正在做：{work}", no_technicians: "这家店还没有技师", needs_job: "请选项目", needs_signature: "客户还没有签“{work}”，签好才能派", needs_hand: "请选技师", needs_skill: "需要 {need} 级，选中的最高 {best} 级",
    nothing_to_dispatch: "没有可派的项目", nothing_to_dispatch_text: "签好字的项目会出现在这里。",
  },
  en: {
    title: "Workshop board", summary: "Summary", stages: "Stages", empty: "No car in the workshop", empty_text: "A car appears here with its order.",
    stage_sign: "To sign", stage_dispatch: "To start", stage_work: "In work", stage_wait: "Waiting", stage_quality: "Quality", stage_ready: "Ready",
    sum_late: "late", sum_soon: "due soon", sum_waiting: "waiting", sum_on_time: "in time", live: "Live", not_live: "Offline", wall_on: "Show on the wall", wall_off: "Leave the wall view",
    late: "{span} late", left: "{span} left", on_time: "in time", open: "no time agreed", ready: "Ready", lounge: "in the lounge", more_n: "{n} more {n|car|cars}",
    used: "{percent}% used: report progress", used_over: "{percent}% used: over plan", rework_n: "Rework × {n}: {work}", reworked: "reworked", follows: "{name} follows up", jobs_n: "{n} {n|job|jobs}", unassigned: "nobody yet", planned: "planned {planned}", bay_n: "bay {bay}", unsigned_n: "{n} to sign",
    wait_signature: "Waiting for a signature", wait_part: "Waiting for a part", wait_customer: "Waiting for the customer", wait_bay: "Waiting for a bay", wait_quality: "Waiting for quality", wait_other: "Waiting", waiting_signature: "signature", waiting_part: "part", waiting_customer: "customer", waiting_bay: "bay", waiting_quality: "quality", waiting_other: "waiting",
    plus: " + ", list: ", ",
    teams: "Teams", teams_text: "A shop with several teams names each person's; board and dispatch then go by team. With one team, leave all empty.", team_of: "Team of {name}", no_team: "no team", all_teams: "All teams", teams_open: "Who works in which; board and dispatch go by it",
    dispatch: "Dispatch", redispatch: "Reassign", dispatch_title: "Dispatch", dispatch_to: "Give to {names}", redispatch_to: "Reassign to {names}", which_jobs: "Which jobs", skill: "Skill level needed", skill_hint: "0 = anyone; at least one technician must reach it", hands: "Technicians (several possible)", bay: "Bay", bay_hint: "such as 3",
    level: "level {n}", open_jobs: "{n} in hand", free: "free", runs: "working on: {work}", no_technicians: "This shop has no technicians yet", needs_job: "Choose a job", needs_signature: "The customer has not signed \"{work}\"; it can be given out once they have", needs_hand: "Choose a technician", needs_skill: "Level {need} needed, the best chosen has {best}",
    nothing_to_dispatch: "Nothing to dispatch", nothing_to_dispatch_text: "Signed jobs appear here.",
  },
};
