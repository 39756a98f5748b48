// The running system of the tests: CLIENT_* of clients/testing/system.
#ifndef SYSTEM_H_
#define SYSTEM_H_

#include <bookstore_client/client.h>

#include <map>
#include <string>

// Returns a variable of the environment.
std::string Variable(const char* name);

// Returns the path of a file with a secret of the system.
std::string Secret(const std::string& name);

// Kills, starts, pauses or resumes the servers.
void Control(const std::string& verb);

// Returns a client in cleartext.
bookstore_client::Client Connect(bookstore_client::ConnectOptions options = {});

// Returns a client of the server that identifies its callers.
bookstore_client::Client ConnectTls(bookstore_client::ConnectOptions options = {});

// Returns a name that only one test uses.
std::string SomeAuthor();

bookstore_client::Book Sample(const std::string& author, const std::string& title = "Emma");

// Counts the books of an author by title.
std::map<std::string, int> Titles(const bookstore_client::Client& client,
                                  const std::string& author);

#endif  // SYSTEM_H_
