/* Mounts a filesystem of which nobody ever answers a question, tells so, and waits to be killed. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int count, char **words) {
    char options[128];
    int fuse = open("/dev/fuse", O_RDWR);
    if (count != 2 || fuse < 0) return 2;
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
    if (mount("silent", words[1], "fuse.silent", MS_NOSUID | MS_NODEV, options) != 0) return 2;
    puts("mounted");
    fflush(stdout);
    for (;;) pause();
}
