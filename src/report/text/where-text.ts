/** The cloud of a run and its region, such as `mycloud, GRA`, each where it is known; empty where neither is. */
export function whereText({ cloud, region }: { readonly cloud: string; readonly region: string }): string {
  return [cloud, region].filter((name) => name !== '').join(', ')
}
