// How a customer is addressed and a car is called.

/** Name with the form of address 尊称 of the file: 李思远 先生, Mr John Smith. Empty without a customer. */
export function addressed(customer: { name: string; title?: string } | null | undefined): string {
  if (!customer) return "";
  if (!customer.title) return customer.name;
  const before = /^[A-Za-z]/.test(customer.title);
  return before ? `${customer.title} ${customer.name}` : `${customer.name} ${customer.title}`;
}

/** "大众 帕萨特". */
export function modelName(vehicle: { make?: string; model?: string } | null | undefined): string {
  return [vehicle?.make, vehicle?.model].filter(Boolean).join(" ");
}
