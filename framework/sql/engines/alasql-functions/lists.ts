type List = readonly (string | null)[] | null | undefined;

/** Functions of lists of texts. Indexes are zero-based. */
export const lists = {
  m_list_contains: (list: List, value: string | null | undefined): boolean | null =>
    list == null || value == null ? null : list.includes(value),
  m_list_at: (list: List, index: number): string | null => list?.[index] ?? null,
  m_len: (list: List): number | null => (list == null ? null : list.length),
};
