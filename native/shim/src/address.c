#include "address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static bool read_host(const char *host, struct address *address) {
  struct sockaddr_in *four = (struct sockaddr_in *)&address->socket;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address->socket;
  if (strcmp(host, "[::1]") == 0) {
    *six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    address->length = sizeof *six;
    return true;
  }
  *four = (struct sockaddr_in){.sin_family = AF_INET};
  address->length = sizeof *four;
  if (strcmp(host, "localhost") == 0) host = "127.0.0.1";
  return inet_pton(AF_INET, host, &four->sin_addr) == 1 && ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

bool address_read(const char *url, struct address *address) {
  char host[32];
  if (strncmp(url, "http://", 7) != 0) return false;
  url += 7;
  size_t length = *url == '[' ? strcspn(url, "]") + 1 : strcspn(url, ":/?#");
  if (length >= sizeof host || strnlen(url, length) < length) return false;
  memcpy(host, url, length);
  host[length] = 0;
  *address = (struct address){.length = 0};
  if (!read_host(host, address)) return false;
  url += length;
  unsigned long port = 80;
  if (*url == ':') {
    char *end;
    port = strtoul(url + 1, &end, 10);
    if (!isdigit((unsigned char)url[1]) || end - url > 6 || port == 0 || port > 65535) return false;
    url = end;
  }
  /* In both families the port stands in the same place. */
  ((struct sockaddr_in *)&address->socket)->sin_port = htons((uint16_t)port);
  address->target = url;
  for (const char *at = url; *at; at++)
    if (!isgraph((unsigned char)*at) || *at == '#') return false;
  return *url == '/';
}

bool is_suffix(const char *text) {
  if (*text && *text != '/' && *text != '?') return false;
  for (; *text && *text != '?'; text++)
    if (!isalnum((unsigned char)*text) && !strchr("/-_", *text)) return false;
  for (; *text; text++)
    if (!isgraph((unsigned char)*text) || *text == '#') return false;
  return true;
}
