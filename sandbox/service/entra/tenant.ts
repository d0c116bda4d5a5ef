/** The one tenant of the sandbox's Entra ID. */
export const tenantId = '8c2f1d4e-5b7a-4a3c-9d10-6f0e3b9a7c21';
export const tenantDomain = 'contoso.onmicrosoft.com';
export const tenantName = 'Contoso';
