// Makes what stands on a page into what it should be, in place: whatever stays the same is not touched, so what somebody has
// opened, typed, marked or scrolled to stays as it is.
import { traitsOf, listen } from "./dom.js";

/** Makes the children of an element into the given ones; `isAsked` is true after something that the reader did. */
export function renew(element, children, isAsked = false) {
  const active = document.activeElement;
  const forms = () => [...element.querySelectorAll("form")];
  const at = forms().indexOf(active?.form);
  replace(element, children, isAsked);
  if (!active || active === document.activeElement || active === document.body) return;
  // A row that has moved, or a form that was saved and is there anew.
  const again = active.isConnected ? active : active.name && forms()[at]?.querySelector(`[name="${CSS.escape(active.name)}"]`);
  (again || element.closest("main"))?.focus({ preventScroll: true });
}

const nameOf = (node) => {
  const key = traitsOf(node).key ?? (node.id || null);
  return key === null ? null : `${node.nodeName} ${key}`;
};

function replace(element, children, isAsked) {
  const olds = [...element.childNodes];
  const named = new Map(olds.map((old) => [nameOf(old), old]).filter(([name]) => name !== null));
  const others = olds.filter((old) => nameOf(old) === null);
  let place = 0;
  const wanted = children.map((child) => {
    const fresh = child instanceof Node ? child : document.createTextNode(child);
    const name = nameOf(fresh);
    if (name !== null) {
      const old = named.get(name);
      named.delete(name);
      return [old, fresh];
    }
    const found = others.findIndex((old, index) => index >= place && old.nodeName === fresh.nodeName);
    if (found >= 0) place = found + 1;
    return [others[found], fresh];
  });
  const kept = new Set(wanted.map(([old]) => old));
  for (const old of olds) if (!kept.has(old)) old.remove();
  let next = element.firstChild;
  for (const [old, fresh] of wanted) {
    const node = old ? update(old, fresh, isAsked) : fresh;
    // What was replaced has taken the place of the old one.
    if (old && node !== old && next === old) next = node;
    if (node === next) next = next.nextSibling;
    else element.insertBefore(node, next);
  }
}

/** Makes one node into another of the same kind; gives the one that stands there then. */
function update(old, fresh, isAsked) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return old;
  }
  const [was, is] = [traitsOf(old), traitsOf(fresh)];
  if (old.nodeName === "FORM" || was.made || is.made) {
    const isSame = was.made === is.made || was.made?.isEqualNode(is.made);
    const stays = isSame || (isTouched(old) && !(isAsked && was.isBusy));
    if (stays) return old;
    old.replaceWith(fresh);
    return fresh;
  }
  // A button at work says so until it is done.
  if (was.isBusy) return old;
  const isOwn = isField(old) && (old === document.activeElement || isChanged(old));
  // What is open, and how far a slider has gone, is for the reader to say.
  const isReaders = (name) => name === "open" || name === "style";
  for (const { name, value } of fresh.attributes) if (
    !isReaders(name) && old.getAttribute(name) !== value
  ) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!isReaders(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const [type, listener] of Object.entries(is.listeners)) listen(old, type, listener);
  replace(old, [...fresh.childNodes], isAsked);
  if (isField(old) && !isOwn && old.value !== fresh.value) old.value = fresh.value;
  return old;
}

const isField = (element) => ["INPUT", "SELECT", "TEXTAREA"].includes(element.nodeName);

/** True for a field that somebody has changed. */
function isChanged(field) {
  if (field.nodeName === "SELECT") {
    const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return first !== undefined && !first.selected;
  }
  return field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue;
}

/** True for a form in which somebody is at work. */
const isTouched = (form) => [...form.elements ?? []].filter(isField).some(
  (field) => field === document.activeElement || isChanged(field)
);
