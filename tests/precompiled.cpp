// A program that does nothing: its precompiled headers are those of every test program.
int main() {}
