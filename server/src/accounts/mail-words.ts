// The words of mails, in the language of who gets them.

export interface ResetMailFacts {
  readonly site: string
  readonly login: string
  readonly link: string
}

interface MailWords {
  readonly subject: (facts: ResetMailFacts) => string
  readonly text: (facts: ResetMailFacts) => string
}

const resetWords: Readonly<Record<string, MailWords>> = {
  en: {
    subject: ({ site }) => `A new password for ${site}`,
    text: ({ site, login, link }) => `Somebody asked for a new password of the account ${login} at ${site}.

Choose one with this link, once and within a day:
${link}

If it was not you, do nothing: your password stays as it is.
`,
  },
  de: {
    subject: ({ site }) => `Ein neues Passwort für ${site}`,
    text: ({ site, login, link }) => `Jemand hat ein neues Passwort für das Konto ${login} bei ${site} angefordert.

Wähle es mit diesem Link, einmal und innerhalb eines Tages:
${link}

Wenn du das nicht warst, tu nichts: Dein Passwort bleibt, wie es ist.
`,
  },
  fr: {
    subject: ({ site }) => `Un nouveau mot de passe pour ${site}`,
    text: ({ site, login, link }) => `Un nouveau mot de passe a été demandé pour le compte ${login} sur ${site}.

Choisissez-le avec ce lien, une seule fois et dans la journée :
${link}

Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.
`,
  },
  es: {
    subject: ({ site }) => `Una nueva contraseña para ${site}`,
    text: ({ site, login, link }) => `Alguien pidió una nueva contraseña para la cuenta ${login} en ${site}.

Elígela con este enlace, una sola vez y en el plazo de un día:
${link}

Si no fuiste tú, no hagas nada: tu contraseña sigue igual.
`,
  },
  pt: {
    subject: ({ site }) => `Uma nova senha para ${site}`,
    text: ({ site, login, link }) => `Alguém pediu uma nova senha para a conta ${login} em ${site}.

Escolha-a com este link, uma única vez e dentro de um dia:
${link}

Se não foi você, não faça nada: sua senha continua a mesma.
`,
  },
  ja: {
    subject: ({ site }) => `${site} の新しいパスワード`,
    text: ({ site, login, link }) => `${site} のアカウント ${login} の新しいパスワードが求められました。

1日以内に、次のリンクから一度だけ設定できます。
${link}

心当たりがない場合は、何もしないでください。パスワードは変わりません。
`,
  },
  zh: {
    subject: ({ site }) => `${site} 的新密码`,
    text: ({ site, login, link }) => `有人为 ${site} 的账户 ${login} 申请了新密码。

请在一天内使用此链接设置，仅可使用一次：
${link}

如果不是您本人，请不必理会：您的密码保持不变。
`,
  },
  ar: {
    subject: ({ site }) => `كلمة مرور جديدة لـ ${site}`,
    text: ({ site, login, link }) => `طلب أحدهم كلمة مرور جديدة للحساب ${login} في ${site}.

اخترها من هذا الرابط، مرة واحدة وخلال يوم:
${link}

إن لم تكن أنت فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.
`,
  },
}

/** @param language BCP 47; English where it is not known, or not one of ours. */
export function resetMail(facts: ResetMailFacts, language = 'en'): { subject: string; text: string } {
  const { subject, text } = resetWords[language.split('-', 1)[0] ?? ''] ?? resetWords.en!
  return { subject: subject(facts), text: text(facts) }
}
