// Numbers in sentences: each language has its own plural forms (CLDR), and Intl knows which number takes which.

/** The language that numbers are written in (BCP 47). */
export const phrase = { tag: 'en' }

/** A sentence for each plural form that its language has; `#` is where the number stands. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

export function plural(count: number, forms: Forms): string {
  const form = forms[rules().select(count)] ?? forms.other
  return form.replace('#', count.toLocaleString(phrase.tag))
}

let known: { tag: string; rules: Intl.PluralRules } | undefined

function rules(): Intl.PluralRules {
  if (known?.tag !== phrase.tag) known = { tag: phrase.tag, rules: new Intl.PluralRules(phrase.tag) }
  return known.rules
}
