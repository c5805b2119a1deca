/** What names one deployment. */
export type ActivationKey = { readonly caSetId: string; readonly version: number; readonly activationId: number };
