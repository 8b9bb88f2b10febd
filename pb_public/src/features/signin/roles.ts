// Roles in words, as people call them.
import { has, t } from "../../i18n/index.svelte";

export function roleNames(roles: readonly string[]): string {
  return roles.map((role) => (has(`roles.${role}`) ? t(`roles.${role}`) : role)).join(t("roles.between"));
}
