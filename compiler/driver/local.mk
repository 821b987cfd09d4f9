bin_PROGRAMS += aslc
aslc_SOURCES = %D%/main.c
aslc_LDADD = libcbase.la libbase.la
