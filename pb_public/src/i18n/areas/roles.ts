export default {
  zh: {
    between: "、", advisor: "服务顾问", technician: "技师", expert: "技术专家", leader: "班组长", inspector: "质检员", parts: "备件", cashier: "收银", agent: "客服",
    supervisor: "售后主管", finance: "财务", warehouse: "仓库", guard: "门卫", manager: "店长", head_office: "总部",
  },
  en: {
    between: ", ", advisor: "Advisor", technician: "Technician", expert: "Expert", leader: "Team leader", inspector: "Inspector", parts: "Parts", cashier: "Cashier", agent: "Agent",
    supervisor: "Supervisor", finance: "Finance", warehouse: "Warehouse", guard: "Guard", manager: "Manager", head_office: "Head office",
  },
};
