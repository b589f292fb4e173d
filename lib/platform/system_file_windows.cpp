#ifdef _WIN32

#include <cerrno>
#include <limits>

#include "platform/security_windows.hpp"
#include "platform/system_file.hpp"
#include "platform/wide.hpp"

namespace paymentctl {

bool Descriptor::close(std::intptr_t number) {
  return ::CloseHandle(reinterpret_cast<HANDLE>(number)) != 0;
}

namespace system_file {
namespace {

HANDLE handle(const Descriptor& file) { return reinterpret_cast<HANDLE>(file.get()); }

int errno_of(DWORD error) {
  switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_PATHNAME:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
    case ERROR_NO_MORE_FILES:
      return ENOENT;
    case ERROR_DIRECTORY:
      return ENOTDIR;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
      return EACCES;
    case ERROR_WRITE_PROTECT:
      return EROFS;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
      return EEXIST;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return ENOSPC;
    case ERROR_TOO_MANY_OPEN_FILES:
      return EMFILE;
    case ERROR_LOCK_VIOLATION:
    case ERROR_IO_PENDING:
      return EWOULDBLOCK;
    case ERROR_SHARING_VIOLATION:
    case ERROR_USER_MAPPED_FILE:
    case ERROR_DELETE_PENDING:
      return EBUSY;
    case ERROR_FILENAME_EXCED_RANGE:
      return ENAMETOOLONG;
    case ERROR_DIR_NOT_EMPTY:
      return ENOTEMPTY;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
      return ENOMEM;
    default:
      return EIO;
  }
}

/// False, with errno for what Windows said last.
bool failed() {
  errno = errno_of(::GetLastError());
  return false;
}
bool done(BOOL result) { return result != 0 || failed(); }

/// Beyond 260 letters Windows takes an absolute path with a mark only.
std::wstring system_path(const std::filesystem::path& path) {
  constexpr std::size_t short_enough = 240;
  if (path.native().size() < short_enough) return path.native();
  std::error_code ignored;
  auto absolute = std::filesystem::absolute(path, ignored).lexically_normal();
  absolute.make_preferred();
  const std::wstring& text = absolute.native();
  if (text.starts_with(L"\\\\?\\")) return text;
  return text.starts_with(L"\\\\") ? L"\\\\?\\UNC" + text.substr(1) : L"\\\\?\\" + text;
}

constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

struct Opening {
  DWORD access = GENERIC_READ;
  DWORD share = share_all;
  DWORD disposition = OPEN_EXISTING;
  DWORD flags = FILE_ATTRIBUTE_NORMAL;
  SECURITY_ATTRIBUTES* security = nullptr;
};

Descriptor open(const std::filesystem::path& path, const Opening& how) {
  const HANDLE opened = ::CreateFileW(system_path(path).c_str(), how.access, how.share,
                                      how.security, how.disposition, how.flags, nullptr);
  if (opened == INVALID_HANDLE_VALUE) {
    failed();
    return {};
  }
  return Descriptor(reinterpret_cast<std::intptr_t>(opened));
}

DWORD as_count(std::size_t size) {
  constexpr std::size_t most = 1u << 30;
  return static_cast<DWORD>(size < most ? size : most);
}

Timestamp timestamp_of(FILETIME time) {
  // Windows counts tenths of a microsecond from 1601.
  constexpr std::int64_t from_1601_to_1970 = 11'644'473'600'000'000;
  const std::int64_t ticks =
      static_cast<std::int64_t>(time.dwHighDateTime) * (std::int64_t{1} << 32) +
      static_cast<std::int64_t>(time.dwLowDateTime);
  return Timestamp(std::chrono::microseconds(ticks / 10 - from_1601_to_1970));
}

bool is_link(HANDLE file) {
  FILE_ATTRIBUTE_TAG_INFO tag{};
  // Files that wait in a cloud are reparse points too, but no other name of something.
  return ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag) != 0 &&
         (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
         IsReparseTagNameSurrogate(tag.ReparseTag);
}

}  // namespace

Descriptor open_to_read(const std::filesystem::path& path, Links links) {
  Opening how;
  if (links == Links::refuse) how.flags = FILE_FLAG_OPEN_REPARSE_POINT;
  return open(path, how);
}

Descriptor open_unless_written(const std::filesystem::path& path) {
  Opening how;
  how.share = FILE_SHARE_READ | FILE_SHARE_DELETE;
  how.flags = FILE_FLAG_OPEN_REPARSE_POINT;
  return open(path, how);
}

Descriptor create(const std::filesystem::path& path) {
  Opening how;
  how.access = GENERIC_WRITE;
  // Shared with whoever writes, or SQLite would open a ledger just made only to read.
  how.disposition = CREATE_NEW;
  how.security = owner_only_file();
  return open(path, how);
}

Descriptor open_or_create(const std::filesystem::path& path) {
  Opening how;
  how.access = GENERIC_READ | GENERIC_WRITE;
  how.disposition = OPEN_ALWAYS;
  how.flags = FILE_FLAG_OPEN_REPARSE_POINT;
  how.security = owner_only_file();
  return open(path, how);
}

std::optional<FileFacts> facts(const Descriptor& file) {
  BY_HANDLE_FILE_INFORMATION status{};
  if (!done(::GetFileInformationByHandle(handle(file), &status))) return std::nullopt;
  FileFacts result;
  result.type = FileType::regular;
  if ((status.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) result.type = FileType::folder;
  if (::GetFileType(handle(file)) != FILE_TYPE_DISK) result.type = FileType::other;
  if (is_link(handle(file))) result.type = FileType::link;
  result.size = (static_cast<std::uint64_t>(status.nFileSizeHigh) << 32) + status.nFileSizeLow;
  result.modified = timestamp_of(status.ftLastWriteTime);
  result.device = status.dwVolumeSerialNumber;
  result.inode = (static_cast<std::uint64_t>(status.nFileIndexHigh) << 32) + status.nFileIndexLow;
  return result;
}

std::optional<FileFacts> facts(const std::filesystem::path& path) {
  Opening how;
  how.access = FILE_READ_ATTRIBUTES;
  how.flags = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;
  const Descriptor opened = open(path, how);
  return opened.is_open() ? facts(opened) : std::nullopt;
}

bool is_folder(const std::filesystem::path& path) {
  const DWORD attributes = ::GetFileAttributesW(system_path(path).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

std::ptrdiff_t read(const Descriptor& file, char* data, std::size_t size) {
  DWORD got = 0;
  return done(::ReadFile(handle(file), data, as_count(size), &got, nullptr))
             ? static_cast<std::ptrdiff_t>(got)
             : -1;
}

std::ptrdiff_t write(const Descriptor& file, const char* data, std::size_t size) {
  DWORD written = 0;
  return done(::WriteFile(handle(file), data, as_count(size), &written, nullptr))
             ? static_cast<std::ptrdiff_t>(written)
             : -1;
}

bool truncate(const Descriptor& file) {
  return done(::SetFilePointerEx(handle(file), LARGE_INTEGER{}, nullptr, FILE_BEGIN)) &&
         done(::SetEndOfFile(handle(file)));
}

bool flush(const Descriptor& file) { return done(::FlushFileBuffers(handle(file))); }

bool flush_file(const std::filesystem::path& path) {
  Opening how;
  how.access = GENERIC_WRITE;  // without it there is nothing to flush
  const Descriptor opened = open(path, how);
  return opened.is_open() && flush(opened);
}

bool flush_folder(const std::filesystem::path& folder) {
  // NTFS keeps a journal of names, and renames are written through. Where a folder can be flushed
  // on top of that it is.
  Opening how;
  how.access = GENERIC_WRITE;
  how.flags = FILE_FLAG_BACKUP_SEMANTICS;
  const Descriptor opened = open(folder, how);
  if (opened.is_open()) ::FlushFileBuffers(handle(opened));
  return true;
}

bool flush_file_system(const std::filesystem::path& /*folder*/) {
  errno = ENOSYS;
  return false;
}

bool rename_over(const std::filesystem::path& from, const std::filesystem::path& to) {
  return done(::MoveFileExW(system_path(from).c_str(), system_path(to).c_str(),
                            MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH));
}

bool rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  return done(
      ::MoveFileExW(system_path(from).c_str(), system_path(to).c_str(), MOVEFILE_WRITE_THROUGH));
}

bool remove(const std::filesystem::path& path) {
  const std::wstring name = system_path(path);
  if (::DeleteFileW(name.c_str()) != 0) return true;
  failed();
  const DWORD attributes = ::GetFileAttributesW(name.c_str());
  const bool is_read_only = errno == EACCES && attributes != INVALID_FILE_ATTRIBUTES &&
                            (attributes & FILE_ATTRIBUTE_READONLY) != 0;
  if (!is_read_only) return false;
  // Elsewhere only the folder's permissions decide whether a file may go.
  ::SetFileAttributesW(name.c_str(), attributes & ~static_cast<DWORD>(FILE_ATTRIBUTE_READONLY));
  return done(::DeleteFileW(name.c_str()));
}

bool make_folder(const std::filesystem::path& folder) {
  return done(::CreateDirectoryW(system_path(folder).c_str(), owner_only_folder()));
}

bool list(const std::filesystem::path& folder, NameList& names) {
  WIN32_FIND_DATAW entry{};
  const HANDLE search =
      ::FindFirstFileExW(system_path(folder / L"*").c_str(), FindExInfoBasic, &entry,
                         FindExSearchNameMatch, nullptr, FIND_FIRST_EX_LARGE_FETCH);
  if (search == INVALID_HANDLE_VALUE) return failed();
  do {
    const std::wstring_view name = static_cast<const wchar_t*>(entry.cFileName);
    if (name != L"." && name != L"..") names.push_back(narrow(name), std::nullopt);
  } while (::FindNextFileW(search, &entry) != 0);
  const DWORD end = ::GetLastError();
  ::FindClose(search);
  errno = errno_of(end);
  return end == ERROR_NO_MORE_FILES;
}

bool lock(const Descriptor& file, Lock kind) {
  // One byte far behind any content: a lock of Windows keeps others from reading what it covers.
  OVERLAPPED place{};
  place.OffsetHigh = 0x40000000;
  const DWORD flags = LOCKFILE_FAIL_IMMEDIATELY |
                      (kind == Lock::exclusive ? static_cast<DWORD>(LOCKFILE_EXCLUSIVE_LOCK) : 0u);
  return done(::LockFileEx(handle(file), flags, 0, 1, 0, &place));
}

}  // namespace system_file
}  // namespace paymentctl

#endif
