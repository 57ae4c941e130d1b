/*
 * Who is at the other end of a Unix socket, as the kernel knows it (SO_PEERCRED, SO_PEERGROUPS): Node.js has no call
 * for that. An addon of Node-API, whose binary interface is stable; what is used of it is declared here, so that no
 * headers have to be installed.
 */
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

typedef struct napi_env_of *napi_env;
typedef struct napi_value_of *napi_value;
typedef struct napi_info_of *napi_info;
typedef int napi_status;

napi_status napi_get_cb_info(napi_env env, napi_info info, size_t *count, napi_value *values, napi_value *self,
                             void **data);
napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t *result);
napi_status napi_create_int64(napi_env env, int64_t value, napi_value *result);
napi_status napi_create_array(napi_env env, napi_value *result);
napi_status napi_set_element(napi_env env, napi_value array, uint32_t index, napi_value value);
napi_status napi_create_function(napi_env env, const char *name, size_t length,
                                 napi_value (*call)(napi_env, napi_info), void *data, napi_value *result);
int32_t node_api_module_get_api_version_v1(void);
napi_value napi_register_module_v1(napi_env env, napi_value exports);

enum { API_VERSION = 8, GROUPS_MAX = 1024 };

static void append(napi_env env, napi_value array, uint32_t index, int64_t number) {
  napi_value value;
  if (napi_create_int64(env, number, &value) == 0) napi_set_element(env, array, index, value);
}

/* Takes a descriptor. Gives process, user, group and further groups, in this order; nothing when there is no peer. */
static napi_value peer_of(napi_env env, napi_info info) {
  napi_value value, array = NULL;
  size_t count = 1;
  int32_t descriptor = -1;
  struct ucred peer;
  static gid_t groups[GROUPS_MAX];
  socklen_t size = sizeof peer, groups_size = sizeof groups;
  if (napi_get_cb_info(env, info, &count, &value, NULL, NULL) != 0 || count < 1) return NULL;
  if (napi_get_value_int32(env, value, &descriptor) != 0 || napi_create_array(env, &array) != 0) return NULL;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return array;
  append(env, array, 0, peer.pid);
  append(env, array, 1, peer.uid);
  append(env, array, 2, peer.gid);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &groups_size) != 0) return array;
  for (uint32_t i = 0; i < groups_size / sizeof *groups; i++) append(env, array, 3 + i, groups[i]);
  return array;
}

int32_t node_api_module_get_api_version_v1(void) { return API_VERSION; }

napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value call;
  return napi_create_function(env, "peerOf", (size_t)-1, peer_of, NULL, &call) == 0 ? call : exports;
}
