/*
 * main.c - the program: reads the command line and runs one command.
 */
#include "config.h"

#include <stdio.h>

int main(void)
{
    puts(PACKAGE_STRING);
    return 0;
}
