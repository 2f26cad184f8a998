// The languages that the interface speaks.

/** BCP 47 tags; Portuguese as in Brazil. */
export const tags = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'zh-Hans', 'ar'] as const

export type Tag = (typeof tags)[number]
