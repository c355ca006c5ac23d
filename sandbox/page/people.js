/** The address book: by department, with search and unread counts. */

import { avatar, badge } from "./avatar.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { drag } from "./phone.js";
import { t } from "./words.js";

export class People {
  constructor(desk) {
    this.desk = desk;
    this.slot = null;
    this.search = el("input", {
      type: "search",
      placeholder: t("search"),
      autocomplete: "off",
      attr: { spellcheck: "false" },
      aria: { label: t("searchPeople") },
      on: {
        input: () => this.draw(),
        keydown: (event) => {
          if (event.key === "ArrowDown" || event.key === "Enter") {
            const first = this.list.querySelector(".person");
            if (!first) return;
            event.preventDefault();
            if (event.key === "Enter") first.click();
            else first.focus();
          }
        },
      },
    });
    this.list = el("div", { class: "people-list", on: { keydown: (event) => this.#keys(event) } });
    this.node = el(
      "nav",
      { class: "people", aria: { label: t("addressBook") } },
      el("h2", { class: "panel-title" }, el("span", { text: t("addressBook") }), el("span", { class: "panel-count" })),
      el("label", { class: "search" }, icon("search", 16), this.search),
      this.list,
    );
    this.draw();
  }

  draw() {
    const { desk } = this;
    const wanted = this.search.value.trim().toLowerCase();
    const held = this.list.contains(document.activeElement) ? document.activeElement.dataset.userid : null;
    const top = this.list.scrollTop;
    const groups = [];
    let first = true;
    for (const { department, members } of byDepartment(desk)) {
      const people = members.filter((person) => matches(person, department, wanted));
      if (!people.length) continue;
      groups.push(
        el(
          "section",
          { class: "department", aria: { label: department.name } },
          el("h3", { text: department.name }),
          el(
            "ul",
            {},
            people.map((person) => {
              const item = this.#person(person, department, first);
              first = false;
              return item;
            }),
          ),
        ),
      );
    }
    fill(this.list, groups.length ? groups : el("p", { class: "nobody", text: t("nobody") }));
    this.list.scrollTop = top;
    this.node.querySelector(".panel-count").textContent = String(desk.people.size);
    if (held)
      [...this.list.querySelectorAll(".person")]
        .find((node) => node.dataset.userid === held)
        ?.focus({ preventScroll: true });
  }

  /** Put the next person chosen into this phone. */
  chooseFor(slot) {
    this.slot = slot;
    this.search.value = "";
    this.draw();
    this.search.focus();
  }

  #person(person, department, first) {
    const { desk } = this;
    const slot = desk.phones.indexOf(person.userid);
    const head = department.head === person.userid;
    const label = [
      person.name,
      person.title,
      slot >= 0 ? t("inPhone", { n: slot + 1 }) : "",
      person.unread ? t("unreadCount", { count: person.unread }) : "",
    ]
      .filter(Boolean)
      .join("，");
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: `person${slot >= 0 ? " is-seated" : ""}${slot === desk.active ? " is-active" : ""}`,
          draggable: true,
          data: { userid: person.userid },
          tabIndex: first ? 0 : -1,
          aria: { label },
          attr: { title: t("personHint") },
          on: {
            dragstart: (event) => drag(event, person.userid),
            click: () => this.#choose(person.userid),
          },
        },
        avatar(person),
        el(
          "span",
          { class: "person-words" },
          el(
            "span",
            { class: "person-name" },
            person.name,
            head ? el("span", { class: "head-mark", text: t("head") }) : null,
          ),
          el("span", { class: "person-title", text: person.title ?? "" }),
        ),
        badge(person.unread, t("unreadCount", { count: person.unread })) ??
          (slot >= 0 ? el("span", { class: "slot-mark", text: String(slot + 1), aria: { hidden: true } }) : null),
      ),
    );
  }

  #choose(userid, slot = this.slot) {
    this.slot = null;
    const seat = this.desk.phones.indexOf(userid);
    if (slot === null && seat >= 0) this.desk.use(seat);
    else this.desk.put(userid, slot ?? this.desk.active);
    this.node.dispatchEvent(new CustomEvent("chosen"));
  }

  #keys(event) {
    const items = [...this.list.querySelectorAll(".person")];
    const at = items.indexOf(document.activeElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (to < 0) {
        this.search.focus();
        return;
      }
      const next = items[Math.min(to, items.length - 1)];
      items.forEach((item) => {
        item.tabIndex = item === next ? 0 : -1;
      });
      next.focus();
    } else if (["1", "2", "3"].includes(event.key) && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      this.#choose(items[at].dataset.userid, Number(event.key) - 1);
    }
  }
}

/** The departments in their order with their people; whoever is in none of them comes last. */
function byDepartment(desk) {
  const groups = desk.state.departments.map((department) => ({ department, members: [] }));
  const others = { department: { id: "", name: t("otherPeople") }, members: [] };
  for (const person of desk.people.values()) {
    const home =
      groups.find(({ department }) => [department.id, department.name].includes(person.department)) ?? others;
    home.members.push(person);
  }
  return [...groups, others];
}

function matches(person, department, wanted) {
  if (!wanted) return true;
  return [person.name, person.userid, person.title, department.name].some((text) =>
    (text ?? "").toLowerCase().includes(wanted),
  );
}
