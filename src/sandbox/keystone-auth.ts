export { totpCode } from './keystone/totp.ts'
