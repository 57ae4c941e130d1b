/* Stands where an agent expects ffmpeg: writes down when it was started and by what kind of job, and becomes ffmpeg.
 * The file of stamps is its own path with .stamps; a line is "<nanoseconds of CLOCK_MONOTONIC> <pid> <encoder>". */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const char *encoder = "other";
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "libx264")) encoder = "libx264";
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof ".stamps");
    if (length > 0) {
        strcpy(path + length, ".stamps");
        int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (file >= 0)
            dprintf(file, "%lld %d %s\n", now.tv_sec * 1000000000LL + now.tv_nsec, (int)getpid(), encoder);
    }
    argv[0] = "ffmpeg";
    execvp("ffmpeg", argv);
    return 127;
}
