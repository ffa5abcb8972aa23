#ifndef ACG_RELAY_H
#define ACG_RELAY_H

/*
 * Listens on 127.0.0.1:PORT inside the container and joins each connection to the unix socket SOCKET, where
 * acg answers for the same port of the host. `rule` is "PORT=SOCKET". Returns the relay's pid, or -1 with
 * errno set. The port is open when it returns.
 */
int start_relay(const char *rule);

#endif
