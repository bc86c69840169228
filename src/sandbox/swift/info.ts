import { toPythonJson } from '../python-json.ts'
import type { Reply } from '../reply.ts'
import { bulkDeleteLimits } from './bulk/bulk-delete.ts'
import { bulkUploadLimits } from './bulk/extract-archive.ts'
import { manifestLimits } from './large/manifest.ts'
import { linkAbilities } from './link/follow.ts'
import { formAbilities } from './signed/form-post.ts'
import { tempUrlAbilities } from './signed/temp-url.ts'

/** `GET /info`: the limits, and of the extensions those that the sandbox has. */
export function infoReply(): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/json; charset=UTF-8']],
    body: toPythonJson({
      swift,
      staticweb: {},
      container_quotas: {},
      object_versioning: {},
      versioned_writes: { allowed_flags: ['x-versions-location', 'x-history-location'] },
      symlink: linkAbilities,
      slo: manifestLimits,
      tempurl: tempUrlAbilities,
      formpost: formAbilities,
      bulk_delete: bulkDeleteLimits,
      bulk_upload: bulkUploadLimits,
    }),
  }
}

const swift = {
  version: '2.30.1',
  strict_cors_mode: true,
  policies: [{ name: 'Policy-0', aliases: 'Policy-0', default: true }],
  allow_account_management: false,
  account_autocreate: true,
  max_file_size: 5_368_709_122,
  max_meta_name_length: 128,
  max_meta_value_length: 256,
  max_meta_count: 90,
  max_meta_overall_size: 4096,
  max_header_size: 8192,
  max_object_name_length: 1024,
  container_listing_limit: 10_000,
  account_listing_limit: 10_000,
  max_account_name_length: 256,
  max_container_name_length: 256,
  extra_header_count: 0,
}
